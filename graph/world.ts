import type { Observable, SchedulerLike } from 'rxjs';
import type { Witness } from './laws.ts';
import type { Patience } from './operators/linger.ts';
import type { Verdict } from './verdict.ts';
import type { Bytes, CloseNotify, Handshake, Policy, ProgStatus, Signal } from './vocabulary.ts';

/**
 * What the world tells the tunnel. Every stream is live: it is listened to from the moment the tunnel is subscribed,
 * and may be the real thing, a recording, or a row of marbles.
 */
export interface Sources {
  /** One value once the handshake is done; a `handshake` Fault when it fails. */
  readonly secured$: Observable<Handshake>;
  /** Decrypted data and the peer's close_notify; completes at FIN; errors with a Fault. Read only while demand is high. */
  readonly fromPeer$: Observable<Bytes | CloseNotify>;
  /** prog's stdout; completes at EOF. Read only while demand is high; unsubscribing closes the pipe: prog gets SIGPIPE. */
  readonly fromProg$: Observable<Bytes>;
  /** Says so when prog has closed its stdin (EPIPE). */
  readonly progStdinGone$: Observable<void>;
  /** One value when prog has ended, or could not be started (126, 127). */
  readonly progExit$: Observable<ProgStatus>;
  /** Signals sent to us. */
  readonly signal$: Observable<Signal>;
  /**
   * Cleartext bytes whose ciphertext the kernel has taken; completes when our ending itself is on the wire; errors with a
   * Fault when a write fails (`reset`, or an `alert` that made TLS mute), which can be long after `fromPeer$` has completed.
   */
  readonly takenByPeer$: Observable<number>;
  /** Bytes that prog's stdin pipe has taken. */
  readonly takenByProg$: Observable<number>;
  /** Says so when, after `hangUp$`, our side of TCP is gone. */
  readonly hungUp$: Observable<void>;
}

/** What the tunnel tells the world. Subscribe to all of them, once, `verdict$` included, before anything happens. */
export interface Sinks {
  /** Start prog, with what the handshake found out. */
  readonly startProg$: Observable<Handshake>;
  /** Data to encrypt and our close_notify; completion is the FIN; an error means: say no more. */
  readonly toPeer$: Observable<Bytes | CloseNotify>;
  /** Data for prog's stdin; completion is EOF. */
  readonly toProg$: Observable<Bytes>;
  /** Whether `fromPeer$` may be read. */
  readonly demandPeer$: Observable<boolean>;
  /** Whether `fromProg$` may be read. */
  readonly demandProg$: Observable<boolean>;
  /** Signals to pass on to prog. */
  readonly progSignal$: Observable<Signal>;
  /** Close TCP now: what the kernel will not take at once is given up. */
  readonly hangUp$: Observable<void>;
  /** Exactly one value, then completion: prog and the connection have both ended. */
  readonly verdict$: Observable<Verdict>;
}

export interface Settings {
  /** `-s`, `-S` or `-N`. */
  readonly policy: Policy;
  /** `-J`: an ending without close_notify is a fault. */
  readonly requireCloseNotify: boolean;
  /** `-K` in milliseconds; 0 means never. */
  readonly idleTimeout: number;
  /** How long to linger; `silence` is not longer than `idleTimeout` when that is set. */
  readonly patience: Patience;
  /** The most bytes on their way in one direction before its source is told to wait; one chunk more can be under way. */
  readonly highWaterMark: number;
  /** The clock. */
  readonly scheduler: SchedulerLike;
  /** The clock's time when the connection began, from which the verdict counts; when the tunnel is made, if not given. */
  readonly accepted?: number;
  /** Who wants to know which law decided what; nobody by default. */
  readonly witness?: Witness | undefined;
}
