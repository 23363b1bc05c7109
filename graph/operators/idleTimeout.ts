import { NEVER, Observable, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { ignore, relay } from '../lean/relay.ts';

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
 * - **holds**: one timer, whatever the number of events: when it fires, it looks at the time of the last event and sleeps for
 *   the rest, so that a busy connection does not pay a timer a chunk.
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
      : new Observable((to) => {
          let last = scheduler.now();
          const timer = scheduler.schedule(function () {
            const rest = last + milliseconds - scheduler.now();
            if (rest > 0) return void this.schedule(undefined, rest);
            to.next();
            to.complete();
          }, milliseconds);
          to.add(timer);
          relay(activity$, to, { next: () => (last = scheduler.now()), complete: ignore });
        });
