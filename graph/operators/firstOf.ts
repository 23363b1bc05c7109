/* eslint rxjs-x/finnish: "off" -- an operator by name and nature, though it stands at the head of a pipe */
import { Observable } from 'rxjs';
import { shared } from '../lean/hub.ts';
import { relay, type Hears } from '../lean/relay.ts';

/**
 * Makes a fact of several: the first of them that is told, whoever asks and whenever.
 *
 * ```
 * peer ended  -----n
 * prog ended  ---w
 * first       ---(w|)
 * ```
 *
 * - **completes**: with its one value; when all have ended and none has said anything.
 * - **errors**: with any of them.
 * - **unsubscribes**: from the others at the first value; from all when the last subscriber has gone.
 * - **holds**: its one value.
 *
 * @param facts the streams, in the order in which they are listened to. Looked up at the first subscription: one fact may be
 *   declared before what it is made of.
 */
export const firstOf = <T>(facts: () => readonly Observable<T>[]): Observable<T> =>
  shared(
    new Observable<T>((to) => {
      const streams = facts();
      let open = streams.length;
      let told = false;
      const hears: Hears<T, T> = {
        next(value, fact) {
          // Telling one may bring about another.
          if (told) return;
          told = true;
          fact.sayLast(value);
        },
        complete(fact) {
          open -= 1;
          if (open === 0) fact.end();
        },
      };
      for (const fact$ of streams) if (!to.closed) relay(fact$, to, hears);
    }),
    true,
  );
