import { setImmediate } from 'node:timers/promises';
import type { Peer } from '../live/support/peer.ts';
import { pattern } from './pattern.ts';
import { Speech, type Said } from './speech.ts';
import type { Conclusion, PeerEnding, PeerStep } from './words.ts';

/** What a peer needs to know that it cannot see. */
export interface PeerWorld {
  /** Its transport can be reset. */
  readonly canReset: boolean;
  /** It has received all that prog has written: surely, or at most. */
  readonly heardAll: (written: keyof Said) => boolean;
  /** Everybody who could write has been told to stop, or has gone. */
  readonly outputEnds: () => boolean;
}

/** The peer as a schedule drives it: does one thing after the other, in the order in which it was told, and keeps account. */
export class PeerActor {
  readonly peer: Peer;
  readonly #world: PeerWorld;
  #queue: Promise<void> = Promise.resolve();
  readonly #speech: Speech;
  #reading = true;
  /** Ends a wait for something to be read. */
  #stops: () => void = () => undefined;
  /** A FIN or a reset of ours, if there is one, is with the kernel. */
  #shut: Promise<unknown> = Promise.resolve();

  /** How it has ended so far, in order. */
  readonly endings: PeerEnding[] = [];
  /** It has ever stopped reading. */
  stalled = false;
  /** It had seen the end of our direction when it reset. */
  sawOurEndFirst = false;
  /** prog's output had ended, or been told to, when the peer reset. */
  outputEndedBeforeReset = false;
  /** What must not happen to a peer: a wait that was too long. */
  trouble: string | undefined;

  constructor(peer: Peer, world: PeerWorld) {
    this.peer = peer;
    this.#speech = new Speech(peer);
    this.#world = world;
  }

  get said(): Said {
    return this.#speech.said;
  }

  /** Bytes that it was told to send, whether or not it has come to that. */
  get toldBytes(): number {
    return this.#speech.toldBytes;
  }

  get reading(): boolean {
    return this.#reading;
  }

  /** Resolves when the step is done. Reading and resets do not wait for their turn, or could wait for ever. */
  do(step: PeerStep): Promise<void> {
    if (step.does === 'peer resets') this.#reset();
    if (step.does === 'peer stops reading') this.#stopReading();
    if (step.does === 'peer reads on') this.readOn();
    if ('bytes' in step && this.endings.length === 0) this.#speech.toldBytes += step.bytes;
    this.#queue = this.#queue.then(async () => this.#act(step)).catch((error: unknown) => this.#failed(error));
    return this.#queue;
  }

  /** Ends what it has left open. */
  async end(by: Conclusion['peerBy']): Promise<void> {
    const open = this.endings.every((ending) => ending === 'peer says close_notify');
    if (by === 'RST' && open) void this.do({ does: 'peer resets' });
    if (by === 'close_notify, FIN') void this.do({ does: 'peer says close_notify' });
    await this.do({ does: 'peer sends FIN' });
  }

  readOn(): void {
    this.#reading = true;
    this.peer.resumeReading();
  }

  #stopReading(): void {
    this.#reading = false;
    this.stalled = true;
    this.peer.stopReading();
    this.#stops();
  }

  async #act(step: PeerStep): Promise<void> {
    const { peer, endings } = this;
    const talks = endings.length === 0;
    switch (step.does) {
      case 'peer sends':
        if (talks) await this.#speech.say(step.bytes, (data) => peer.send(data));
        break;
      case 'peer sends byte by byte':
        if (talks) await this.#speech.say(step.bytes, (data) => peer.byteByByte(() => peer.send(data)));
        break;
      case 'peer hears all':
        if (this.#reading && !this.#deaf) {
          const stops = new Promise<void>((resolve) => (this.#stops = resolve));
          const heard = ({ transportEnding }: Peer): boolean =>
            this.#world.heardAll('least') || transportEnding !== undefined;
          await Promise.race([stops, peer.until('all that prog said', heard)]);
        }
        break;
      case 'peer says close_notify':
        if (!talks) break;
        endings.push(step.does);
        await this.#speech.whileItCan(peer.closeNotify());
        break;
      case 'peer sends FIN':
        if (endings.some((ending) => ending !== 'peer says close_notify')) break;
        endings.push(step.does);
        peer.fin();
        this.#shut = setImmediate().then(() => setImmediate());
        await this.#shut;
        break;
      case 'peer sends FIN inside a record':
        if (!talks) break;
        endings.push(step.does);
        await peer.finInsideRecord(pattern('peer', this.said.most, 100), 1 + (this.said.most % 90));
        break;
      case 'peer sends a bad record':
        if (!talks) break;
        endings.push(step.does);
        await peer.raw(BAD_RECORD);
        break;
      case 'peer sends an alert':
        // Made by its own engine, which fails over it: what that has not read is lost, so there must be nothing.
        if (!talks || !this.#reading || !this.#world.heardAll('most') || peer.closeNotifyAt !== undefined) break;
        endings.push(step.does);
        await peer.fatalAlert();
        break;
      case 'peer resets':
        await this.#shut;
        break;
      default: // Was done when it was told.
        break;
    }
  }

  get #deaf(): boolean {
    return this.endings.some((ending) => BREAKING.has(ending));
  }

  #reset(): void {
    if (!this.#world.canReset || this.endings.includes('peer resets')) return;
    this.sawOurEndFirst = this.peer.transportEnding === 'fin';
    this.endings.push('peer resets');
    // Node 20 loses a handle that is reset while its shutdown(2) is under way: it is neither reset nor closed, and keeps us alive.
    this.#shut = this.#shut.then(() => {
      this.outputEndedBeforeReset = this.#world.outputEnds();
      this.peer.reset();
    });
  }

  /** A write that fails is answered by the endings; a wait that was too long is not. */
  #failed(error: unknown): void {
    const told = error instanceof Error ? error.message : String(error);
    if (told.startsWith('waited')) this.trouble ??= told;
  }
}

/** Endings after which nothing more may be heard. */
const BREAKING: ReadonlySet<PeerEnding> = new Set<PeerEnding>([
  'peer sends a bad record',
  'peer sends an alert',
  'peer resets',
]);

/** Application data of 20 bytes that nobody has encrypted. */
const BAD_RECORD = Buffer.from(`1703030014${'07'.repeat(20)}`, 'hex');
