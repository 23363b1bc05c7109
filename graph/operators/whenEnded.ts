import type { OperatorFunction } from 'rxjs';
import { ignore, relaying } from '../lean/relay.ts';

/**
 * Turns EOF into a value: says nothing until the source completes, then says so.
 *
 * ```
 * from prog   -a--b---|
 * prog ended  --------(w|)
 * ```
 *
 * - **completes**: with its one value.
 * - **errors**: with the source.
 * - **unsubscribes**: when unsubscribed.
 * - **holds**: nothing.
 *
 * @param word what it says then; `undefined` when nobody asks.
 */
export const whenEnded = <T = void>(word?: T): OperatorFunction<unknown, T> =>
  relaying({ next: ignore, complete: (relay) => relay.sayLast(word as T) });
