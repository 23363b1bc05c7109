/* eslint rxjs-x/finnish: "off" -- an operator by name and nature, though it stands at the head of a pipe */
import { Observable } from 'rxjs';
import { shared } from '../lean/hub.ts';
import { relay, type Hears } from '../lean/relay.ts';

/**
 * Makes a fact of several: all of them have been told.
 *
 * ```
 * we ended   ---w
 * peer left  -----w
 * both       -----(w|)
 * ```
 *
 * - **completes**: with its one value; when all have ended and some have said nothing.
 * - **errors**: with any of them.
 * - **unsubscribes**: from all when the last one is told, and when the last subscriber has gone.
 * - **holds**: which of them have been told.
 *
 * @param facts the streams, in the order in which they are listened to, looked up at the first subscription.
 */
export const allOf = (facts: () => readonly Observable<unknown>[]): Observable<void> =>
  shared(
    new Observable<void>((to) => {
      const streams = facts();
      let missing = streams.length;
      let open = streams.length;
      const hears = (): Hears<unknown, void> => {
        let told = false;
        return {
          next(_, fact) {
            if (told) return;
            told = true;
            missing -= 1;
            if (missing === 0) fact.sayLast(undefined);
          },
          complete(fact) {
            open -= 1;
            if (open === 0) fact.end();
          },
        };
      };
      for (const fact$ of streams) if (!to.closed) relay(fact$, to, hears());
    }),
    true,
  );
