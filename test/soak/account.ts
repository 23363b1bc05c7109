import type { Policy, Protocol, Signal } from '../../graph/vocabulary.ts';
import type { Heard } from './agent.ts';
import type { Ended } from './hosts/host.ts';
import type { Said } from './speech.ts';
import type { OwnEnd } from './prog-actor.ts';
import type { PeerEnding } from './words.ts';

/** What one connection was, as both its ends know it: all that is needed to judge it. */
export interface Account extends Ended {
  readonly protocol: Protocol;
  readonly policy: Policy;
  readonly requireCloseNotify: boolean;
  /** `-K` was given. */
  readonly hasIdleTimeout: boolean;
  readonly handshake: 'finished' | 'failed';
  readonly peer: {
    /** Bytes of whole records. */
    readonly said: Said;
    readonly endings: readonly PeerEnding[];
    /** Bytes, all of them the right ones, or where the first wrong one was. */
    readonly heard: number;
    readonly wrongAt: number | undefined;
    /** Our ending in the words of `Witness.ending`. */
    readonly saw: string;
    readonly bytesAfterCloseNotify: number;
    /** It has ever stopped reading. */
    readonly stalled: boolean;
    /** Our direction had ended, for it, when it reset. */
    readonly sawOurEndFirst: boolean;
  };
  readonly prog: {
    readonly ran: boolean;
    /** Bytes that the pipe has surely taken, and that were at most written. */
    readonly said: Said;
    readonly heard: Heard;
    /** It was told to read to EOF, and could. */
    readonly readsToEof: boolean;
    /** How it was told to end; `undefined`: it was not. */
    readonly ownEnd: OwnEnd | undefined;
    /** Its output had ended, or been told to, when the peer reset. */
    readonly outputEndedBeforeReset: boolean;
    /** It was told to end its output before the peer saw the end of our direction. */
    readonly outputEndedBeforeOurs: boolean;
    /** Its output was told to end when it had not yet heard EOF. */
    readonly outputEndedBeforeEof: boolean;
  };
  /** A signal to the program. */
  readonly signal: { readonly name: Signal; readonly progWasTold: boolean } | undefined;
}
