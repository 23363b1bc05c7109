import { Observable, type OperatorFunction } from 'rxjs';
import { relay } from '../lean/relay.ts';

/**
 * Waits for the first word of the source, and from then on says what the stream says that this word stands for.
 *
 * ```
 * signal  ---t---t
 * chosen  -a---b---c-|
 * result  -----b---c-|
 * ```
 *
 * - **completes**: with the chosen stream; with a source that has said nothing.
 * - **errors**: with the source; with the chosen stream.
 * - **unsubscribes**: from both when unsubscribed.
 * - **holds**: nothing.
 *
 * What is chosen is made, and listened to, only then: the clocks of an ending are not there before the ending.
 *
 * @param choose$ the stream to go on with.
 */
export const continueWith =
  <T, R>(choose$: (first: T) => Observable<R>): OperatorFunction<T, R> =>
  (source$) =>
    new Observable((to) => {
      let chosen = false;
      relay(source$, to, {
        next(first) {
          if (chosen) return;
          chosen = true;
          choose$(first).subscribe(to);
        },
        complete(source) {
          if (!chosen) source.end();
        },
      });
    });
