import { Observable, Subscription, type MonoTypeOperatorFunction } from 'rxjs';
import { ignore, relay } from '../lean/relay.ts';

/**
 * Passes what the source says unless it has failed before: then it says nothing at all, not even that it has ended.
 *
 * ```
 * handshake  ----h|
 * failed     --c
 * secured    ------
 * handshake  ----h|
 * failed     ----
 * secured    ----h|
 * ```
 *
 * - **completes**: with a source that has not failed.
 * - **errors**: with the stream that tells the failure; not with the source, whose fault that stream tells.
 * - **unsubscribes**: from the source at the failure.
 * - **holds**: nothing.
 *
 * A failed handshake ends without a word: an end would be FIN for the peer and EOF for prog.
 *
 * @param failed$ tells the failure.
 */
export const unless =
  <T>(failed$: Observable<unknown>): MonoTypeOperatorFunction<T> =>
  (source$) =>
    new Observable((to) => {
      const listening = new Subscription();
      relay(failed$, to, { next: () => listening.unsubscribe(), complete: ignore });
      if (!listening.closed && !to.closed) listening.add(relay(source$, to, { error: ignore }));
    });
