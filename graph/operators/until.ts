import { Observable, type MonoTypeOperatorFunction } from 'rxjs';
import { ignore, relay, type Hears } from '../lean/relay.ts';

/**
 * Passes what the source says until another stream says anything, and ends there.
 *
 * ```
 * from prog  -a--b--c--d-|
 * we left    ------w
 * result     -a--b-|
 * ```
 *
 * - **completes**: with the source; at the first word of another stream.
 * - **errors**: with the source; with another stream.
 * - **unsubscribes**: from all of them when one of them ends it.
 * - **holds**: nothing.
 *
 * The end of another stream that has said nothing means nothing: what it stands for has not happened.
 *
 * @param other$ the other streams; they are listened to before the source is.
 */
export const until =
  <T>(...other$: readonly Observable<unknown>[]): MonoTypeOperatorFunction<T> =>
  (source$) =>
    new Observable((to) => {
      for (const one$ of other$) if (!to.closed) relay(one$, to, ENDS as Hears<unknown, T>);
      if (!to.closed) source$.subscribe(to);
    });

const ENDS: Hears<unknown, unknown> = { next: (_, other) => other.end(), complete: ignore };
