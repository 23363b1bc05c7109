import { debounceTime, map, merge, NEVER, startWith, take } from 'rxjs';
import type { OperatorFunction, SchedulerLike } from 'rxjs';

/**
 * Emits once nothing has happened for a given time, and completes; the clock starts at subscription.
 *
 * ```
 * activity   -a--b-------c
 * -K 5       ---------(T|)
 * ```
 *
 * - **completes**: with its one value. The end of the activity is only more silence.
 * - **errors**: with the source.
 * - **unsubscribes**: when it fires.
 * - **holds**: one timer, whatever the number of events: `debounceTime` looks at the time of the last event when its timer
 *   fires and sleeps for the rest, so that a busy connection does not pay a timer a chunk.
 *
 * s6-tlsd: `-K kimeout`.
 *
 * @param milliseconds the time without an event; 0 means never. At most 2^31 - 1 (setTimeout).
 * @param scheduler the clock.
 */
export const idleTimeout =
  (milliseconds: number, scheduler: SchedulerLike): OperatorFunction<unknown, void> =>
  (activity$) =>
    milliseconds === 0
      ? NEVER
      : merge(activity$, NEVER).pipe(
          startWith(undefined),
          debounceTime(milliseconds, scheduler),
          map(() => undefined),
          take(1),
        );
