import { merge, take, timer } from 'rxjs';
import type { OperatorFunction, SchedulerLike } from 'rxjs';
import { idleTimeout } from './idleTimeout.ts';

/** How long to wait for the other side after all is said; milliseconds, both above 0. */
export interface Patience {
  /** Without an event. */
  readonly silence: number;
  /** In all, whatever happens. */
  readonly total: number;
}

/**
 * Emits when patience with the other side is at an end: it was silent for too long, or went on for too long.
 *
 * ```
 * from peer            -x--y-------z
 * silence 5 total 30   ---------(T|)
 * from peer            -x--y---z---z---z
 * silence 5 total 13   -------------(T|)
 * ```
 *
 * - **completes**: with its one value.
 * - **errors**: with the source.
 * - **unsubscribes**: when it fires.
 * - **holds**: two timers.
 *
 * Why lingering exists: closing a socket that holds unread input makes the kernel send RST (RFC 9293 §3.6.1), and then our kernel
 * gives up what it has not delivered of the answer; some peers' kernels drop even what they have received (RFC 9112 §9.6). So
 * after our ending we go on reading, and wait for the peer's own; but not for ever.
 *
 * @param patience see {@link Patience}; the program's: 5 s of silence (or `-K` when shorter), 30 s in all.
 * @param scheduler the clock.
 */
export const linger =
  ({ silence, total }: Patience, scheduler: SchedulerLike): OperatorFunction<unknown, unknown> =>
  (source$) =>
    merge(source$.pipe(idleTimeout(silence, scheduler)), timer(total, scheduler)).pipe(take(1));
