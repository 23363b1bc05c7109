import { within } from '../live/support/watch.ts';
import type { Account } from './account.ts';
import { shakeHands } from './handshake.ts';
import type { Ended, Host, Met } from './hosts/host.ts';
import { isPeers, mayWaitFor, peerCanEnd, type People } from './pacing.ts';
import { accountOf } from './peer-account.ts';
import { PeerActor } from './peer-actor.ts';
import { ProgActor } from './prog-actor.ts';
import type { ProgStep, Schedule, Step } from './words.ts';

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
      if (step.awaited && mayWaitFor(step, this.#people())) await done;
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

  #people(): People {
    return { peer: this.#peer, prog: this.#prog, canReset: this.#canReset, stopped: this.#stopped };
  }

  #goOn(): void {
    this.#stopped = false;
    this.#met.signal('SIGCONT');
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
    if (peerCanEnd(this.#people())) await peerEnded;
    progEnds();
    await peerEnded;
  }

  #account(finished: boolean, ended: Ended): Account {
    const { protocol, policy, requireCloseNotify, idleTimeout } = this.#schedule;
    const { heard, ownEnd, readsToEof, said, ran } = this.#prog;
    const { outputEndedBeforeReset } = this.#peer;
    return {
      ...ended,
      protocol,
      policy,
      requireCloseNotify,
      hasIdleTimeout: idleTimeout > 0,
      handshake: finished ? 'finished' : 'failed',
      peer: accountOf(this.#peer),
      prog: {
        ran,
        said,
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

/** Steps that cannot undo the handshake. */
const HASTY: ReadonlySet<Step['does']> = new Set<Step['does']>([
  'peer sends',
  'peer says close_notify',
  'peer sends FIN',
]);
