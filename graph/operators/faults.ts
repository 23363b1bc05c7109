import type { OperatorFunction } from 'rxjs';
import { ignore, relaying, type Hears } from '../lean/relay.ts';
import { isFault, type Fault } from '../vocabulary.ts';

/**
 * Turns the fault that ends a stream into a value.
 *
 * ```
 * from peer  -x--y--#
 * faults     -------(f|)
 * from peer  -x--y--|
 * faults     -------|
 * ```
 *
 * - **completes**: with the source, or after the fault.
 * - **errors**: with an error that is no fault: that is a mistake in our own code and must not be hidden.
 * - **unsubscribes**: when unsubscribed.
 * - **holds**: nothing.
 */
export const faults = (): OperatorFunction<unknown, Fault> => relaying(FAULT_AS_VALUE);

const FAULT_AS_VALUE: Hears<unknown, Fault> = {
  next: ignore,
  error: (error, relay) => (isFault(error) ? relay.sayLast(error) : relay.fail(error)),
};
