import type { MonoTypeOperatorFunction } from 'rxjs';
import { shared } from '../lean/hub.ts';

/**
 * Makes a fact of a stream that says one thing at most: it is looked up once, and whoever asks later is told at once.
 *
 * ```
 * source      --w|
 * asked at 0  --w|
 * asked at 5  -----(w|)
 * ```
 *
 * - **completes**: with the source, for late subscribers too.
 * - **errors**: with the source, for late subscribers too.
 * - **unsubscribes**: when the last subscriber has gone.
 * - **holds**: the last value.
 *
 * "The peer has ended" stays true; a rule that begins to matter later must not have to be subscribed earlier.
 */
export const remember =
  <T>(): MonoTypeOperatorFunction<T> =>
  (source$) =>
    shared(source$, true);
