import type { Signal } from '../../../graph/vocabulary.ts';
import type { Peer } from '../../live/support/peer.ts';
import type { Possible } from '../schedules.ts';
import type { Agents } from '../switchboard.ts';
import type { Schedule } from '../words.ts';

/** A program that runs the tunnel, as the reliability run meets it. */
export interface Host {
  /** What can happen to it; `seed` chooses what a process is started with, where that serves many connections. */
  readonly possible: (seed: number) => Possible;
  /** Connects; the handshake has not begun. `trace`: where to write one. */
  meet(schedule: Schedule, trace: string | undefined): Promise<Met>;
  stop(): Promise<void>;
}

/** One connection to it. */
export interface Met {
  readonly peer: Peer;
  readonly agents: Agents;
  signal(signal: Signal | 'SIGSTOP' | 'SIGCONT'): void;
  /** Waits until it is over, and nothing of it is left: no process, no descriptor. */
  ended(): Promise<Ended>;
  /** Ends by force what a failed connection has left. */
  cleanUp(): void;
}

/** How it was over. */
export interface Ended {
  /** The exit status, or the name of a signal that killed the program; `undefined`: this host tells it only in a trace, of which there was none. */
  readonly exit: number | string | undefined;
  /** Every line that tells a verdict. */
  readonly verdicts: readonly string[];
  /** What is still there and should not be. */
  readonly left: readonly string[];
}
