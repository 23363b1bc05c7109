import { setImmediate } from 'node:timers/promises';
import type { Peer } from '../live/support/peer.ts';
import { pattern } from './pattern.ts';
import type { Conclusion, HandshakeFate, PeerEnding, PeerStep } from './words.ts';

/** Bytes: what surely went, and what was at most begun. */
export interface Said {
  readonly least: number;
  readonly most: number;
}

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
  #toldBytes = 0;
  #said = { least: 0, most: 0 };
  #reading = true;
  #engineGone: Promise<void> | undefined;
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
    this.#world = world;
  }

  get said(): Said {
    return this.#said;
  }

  /** Bytes that it was told to send, whether or not it has come to that. */
  get toldBytes(): number {
    return this.#toldBytes;
  }

  get reading(): boolean {
    return this.#reading;
  }

  /** Resolves when the step is done. Reading and resets do not wait for their turn, or could wait for ever. */
  do(step: PeerStep): Promise<void> {
    if (step.does === 'peer resets') this.#reset();
    if (step.does === 'peer stops reading') this.#stopReading();
    if (step.does === 'peer reads on') this.readOn();
    if ('bytes' in step && this.endings.length === 0) this.#toldBytes += step.bytes;
    this.#queue = this.#queue.then(async () => this.#act(step)).catch((error: unknown) => this.#failed(error));
    return this.#queue;
  }

  /** Does what the schedule says of the handshake; resolves when it is done, or when the connection is over. */
  async shakeHands(fate: HandshakeFate): Promise<void> {
    const { peer } = this;
    if (fate === 'finished') {
      peer.startTls();
      let done = false;
      // Before the peer's own listener, which looks whether somebody waits for it.
      peer.tls.prependOnceListener('secureConnect', () => (done = true));
      await peer.until('the end of the handshake', ({ transportEnding }) => done || transportEnding !== undefined);
    } else if (fate === 'plain HTTP') await peer.raw('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    else if (fate.startsWith('ClientHello')) {
      const hello = await peer.sealed(async () => {
        peer.startTls();
        await setImmediate();
      });
      peer.gag();
      await peer.raw(hello);
      await peer.until('an answer', ({ records }) => records.length > 0);
    }
    if (fate.endsWith('RST') && this.#world.canReset) peer.reset();
    else if (fate !== 'finished') peer.fin();
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
  }

  async #act(step: PeerStep): Promise<void> {
    const { peer, endings } = this;
    const talks = endings.length === 0;
    switch (step.does) {
      case 'peer sends':
        if (talks) await this.#send(step.bytes, (data) => peer.send(data));
        break;
      case 'peer sends byte by byte':
        if (talks) await this.#send(step.bytes, (data) => peer.byteByByte(() => peer.send(data)));
        break;
      case 'peer hears all':
        if (this.#reading && !this.#deaf) {
          await peer.until(
            'all that prog said',
            ({ transportEnding }) => this.#world.heardAll('least') || transportEnding !== undefined,
          );
        }
        break;
      case 'peer says close_notify':
        if (!talks) break;
        endings.push(step.does);
        await this.#whileItCan(peer.closeNotify());
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
        await peer.finInsideRecord(pattern('peer', this.#said.most, 100), 1 + (this.#said.most % 90));
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

  async #send(bytes: number, send: (data: Buffer) => Promise<void>): Promise<void> {
    const data = pattern('peer', this.#said.most, bytes);
    this.#said = { ...this.#said, most: this.#said.most + bytes };
    await this.#whileItCan(send(data));
    this.#said = { ...this.#said, least: this.#said.most };
  }

  /** Nobody may read any more: then its engine fails, and tells those who wait for it nothing. */
  async #whileItCan(done: Promise<void>): Promise<void> {
    const { tls } = this.peer;
    this.#engineGone ??= new Promise((resolve) => tls.once('close', resolve));
    // Nobody waits for it any more when the engine is the first to go.
    done.catch(() => undefined);
    if (!tls.destroyed) await Promise.race([done, this.#engineGone]);
    if (tls.destroyed) throw new Error('the engine has failed');
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
