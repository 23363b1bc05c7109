import { endWith, ignoreElements, type OperatorFunction } from 'rxjs';

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
export const whenEnded = (): OperatorFunction<unknown, void> => (source$) =>
  source$.pipe(ignoreElements(), endWith(undefined));
