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
 */
export const whenEnded = (): OperatorFunction<unknown, void> =>
  relaying({ next: ignore, complete: (relay) => relay.sayLast(undefined) });
