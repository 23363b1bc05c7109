import { Observable, type MonoTypeOperatorFunction } from 'rxjs';
import { ignore, relay, type Hears } from '../lean/relay.ts';
import type { Fault } from '../vocabulary.ts';

/**
 * Fails with the first fault that is reported, instead of ending as if all had been said.
 *
 * ```
 * from prog  -a--b------|
 * fault      ------f
 * to peer    -a--b-#
 * ```
 *
 * - **completes**: with the source.
 * - **errors**: with the first fault; with the source.
 * - **unsubscribes**: from the source at the first fault; from the faults when the source ends.
 * - **holds**: nothing.
 *
 * A connection whose keys or whose TCP are broken must not be ended by close_notify or FIN:
 * either would claim that the answer was complete.
 *
 * @param fault$ faults as values.
 */
export const breakOn =
  <T>(fault$: Observable<Fault>): MonoTypeOperatorFunction<T> =>
  (source$) =>
    new Observable((to) => {
      relay(fault$, to, BREAKS as Hears<Fault, T>);
      if (!to.closed) source$.subscribe(to);
    });

const BREAKS: Hears<Fault, unknown> = { next: (fault, listener) => listener.fail(fault), complete: ignore };
