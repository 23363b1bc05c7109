import type { MonoTypeOperatorFunction } from 'rxjs';
import { shared } from '../lean/hub.ts';

/**
 * Lets many rules listen to one live source; whoever comes after its end is told the end, and the source is not started anew.
 *
 * ```
 * source      -a-b-c-|
 * asked at 0  -a-b-c-|
 * asked at 4  -----c-|
 * asked at 9  ---------|
 * ```
 *
 * - **completes**: with the source, for late subscribers too.
 * - **errors**: with the source, for late subscribers too.
 * - **unsubscribes**: when the last subscriber has gone; a driver then stops reading.
 * - **holds**: nothing: data is not replayed.
 */
export const shareLive =
  <T>(): MonoTypeOperatorFunction<T> =>
  (source$) =>
    shared(source$, false);
