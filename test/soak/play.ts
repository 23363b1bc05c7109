import { within } from '../live/support/watch.ts';
import type { Account } from './account.ts';
import { shakeHands } from './handshake.ts';
import type { Ended, Host, Met } from './hosts/host.ts';
import { pattern } from './pattern.ts';
import { PeerActor } from './peer-actor.ts';
import { ProgActor } from './prog-actor.ts';
import type { PeerStep, ProgStep, Schedule, Step } from './words.ts';

/** Lets one connection live through a schedule; rejects when it does not come to its end. `trace`: where to write one. */
export const play = async (schedule: Schedule, host: Host, trace?: string): Promise<Account> => {
  const met = await host.meet(schedule, trace);
  try {
    return await new Player(schedule, met).play();
  } finally {
    met.signal('SIGCONT');
    met.cleanUp();
  }
};

class Player {
  readonly #schedule: Schedule;
  readonly #met: Met;
  readonly #peer: PeerActor;
  readonly #prog: ProgActor;
  readonly #canReset: boolean;
  #stopped = false;
  #signal: Account['signal'];
  #outputEndedBeforeEof = false;
  #outputEndedBeforeOurs = false;

  constructor(schedule: Schedule, met: Met) {
    this.#schedule = schedule;
    this.#met = met;
    this.#canReset = schedule.wiring === 'tcp' || schedule.wiring === 'two sockets';
    this.#prog = new ProgActor(met.agents);
    this.#peer = new PeerActor(met.peer, {
      canReset: this.#canReset,
      heardAll: (written) => met.peer.received >= this.#prog.said[written],
      outputEnds: () => this.#prog.outputEnds,
    });
  }

  async play(): Promise<Account> {
    const { handshake, idleTimeout } = this.#schedule;
    await shakeHands(this.#peer.peer, handshake, this.#canReset);
    const finished = handshake === 'finished' && this.#peer.peer.transportEnding === undefined;
    if (handshake === 'finished' && !finished && idleTimeout === 0) throw new Error('the handshake has failed');
    if (finished) await this.#live();
    const ended = await this.#met.ended();
    if (!this.#peer.endings.includes('peer resets') && !handshake.endsWith('RST')) await this.#peer.peer.ended();
    if (this.#peer.trouble !== undefined) throw new Error(this.#peer.trouble);
    return this.#account(finished, ended);
  }

  async #live(): Promise<void> {
    let arrived = false;
    let hasty = this.#schedule.steps[0]?.does !== 'peer sends FIN';
    for (const step of this.#schedule.steps) {
      // What the peer says right behind its part of the handshake finds no prog yet. A FIN alone would come before that part.
      hasty &&= HASTY.has(step.does);
      if (!arrived && !hasty) {
        arrived = true;
        await within('prog to start', this.#met.agents.prog.arrived);
      }
      const done = this.#take(step);
      if (step.awaited && this.#mayWaitFor(step)) await done;
    }
    if (!arrived) await within('prog to start', this.#met.agents.prog.arrived);
    await this.#conclude();
  }

  #take(step: Step): Promise<void> {
    switch (step.does) {
      case 'program is stopped':
        this.#stopped = true;
        this.#met.signal('SIGSTOP');
        return Promise.resolve();
      case 'program goes on':
        this.#goOn();
        return Promise.resolve();
      case 'program gets a signal':
        if (this.#signal !== undefined) return Promise.resolve();
        this.#signal = { name: step.signal, progWasTold: this.#prog.ownEnd !== undefined };
        this.#met.signal(step.signal);
        return Promise.resolve();
      default:
        return isPeers(step) ? this.#peer.do(step) : this.#tellProg(step);
    }
  }

  #tellProg(step: ProgStep): Promise<void> {
    const done = this.#prog.do(step, this.#peer.said.most);
    if (this.#prog.outputEnds) {
      this.#outputEndedBeforeEof ||= !this.#prog.heard.eof;
      this.#outputEndedBeforeOurs ||= this.#peer.peer.transportEnding === undefined;
    }
    return done;
  }

  #goOn(): void {
    this.#stopped = false;
    this.#met.signal('SIGCONT');
  }

  /** Whether nothing but this step, and what was before it, is needed for it to be done. */
  #mayWaitFor(step: Step): boolean {
    // What a reset waits for, it ends.
    if (step.does === 'peer resets' && this.#canReset) return true;
    if (this.#stopped) return false;
    const peer = this.#peer;
    const prog = this.#prog;
    if (!isPeers(step)) return peer.reading && (!prog.waitsForEof || peer.endings.length > 0);
    return this.#peerCanEnd();
  }

  /** Whether all that the peer was told to send can be sent. */
  #peerCanEnd(): boolean {
    const prog = this.#prog;
    const fits = (read: number): boolean => this.#peer.toldBytes - read <= SURELY_TAKEN;
    return fits(prog.heard.bytes) || (this.#peer.reading && (prog.takesAll || fits(prog.readTarget)));
  }

  /** Brings to its end what the steps have left open. */
  async #conclude(): Promise<void> {
    const { first, progReadsToEof, code, peerBy } = this.#schedule.conclusion;
    this.#goOn();
    this.#peer.readOn();
    const progEnds = (): void => {
      if (progReadsToEof) void this.#tellProg({ does: 'prog reads to EOF' });
      void this.#tellProg({ does: 'prog exits', code });
      void this.#tellProg({ does: 'grandchild exits' });
    };
    if (first === 'prog') progEnds();
    const waits =
      first === 'silence' || (first === 'prog' && (!this.#prog.waitsForEof || this.#peer.endings.length > 0));
    if (waits && !this.#peer.endings.includes('peer resets')) await this.#peer.peer.ended();
    const peerEnded = this.#peer.end(peerBy);
    if (this.#peerCanEnd()) await peerEnded;
    progEnds();
    await peerEnded;
  }

  #account(finished: boolean, ended: Ended): Account {
    const { protocol, policy, requireCloseNotify, idleTimeout } = this.#schedule;
    const { peer, endings, said, stalled, sawOurEndFirst, outputEndedBeforeReset } = this.#peer;
    const { heard, ownEnd, readsToEof } = this.#prog;
    const received = Buffer.from(peer.text, 'latin1');
    const wrong = received.compare(pattern('prog', 0, received.length)) !== 0;
    return {
      ...ended,
      protocol,
      policy,
      requireCloseNotify,
      hasIdleTimeout: idleTimeout > 0,
      handshake: finished ? 'finished' : 'failed',
      peer: {
        said,
        endings,
        heard: received.length,
        wrongAt: wrong ? firstDifference(received, pattern('prog', 0, received.length)) : undefined,
        saw: peer.ending,
        bytesAfterCloseNotify: peer.bytesAfterCloseNotify,
        stalled,
        sawOurEndFirst,
      },
      prog: {
        ran: this.#prog.ran,
        said: this.#prog.said,
        heard,
        readsToEof,
        ownEnd,
        outputEndedBeforeReset,
        outputEndedBeforeOurs: this.#outputEndedBeforeOurs,
        outputEndedBeforeEof: this.#outputEndedBeforeEof,
      },
      signal: this.#signal,
    };
  }
}

const isPeers = (step: Step): step is Step & PeerStep => step.does.startsWith('peer ');

const firstDifference = (bytes: Buffer, wanted: Buffer): number => bytes.findIndex((byte, at) => byte !== wanted[at]);

/** Steps that cannot undo the handshake. */
const HASTY: ReadonlySet<Step['does']> = new Set<Step['does']>([
  'peer sends',
  'peer says close_notify',
  'peer sends FIN',
]);

/** Bytes that the buffers between the peer and prog hold in any case. */
const SURELY_TAKEN = 100_000;
