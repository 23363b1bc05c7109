import { catchError, ignoreElements, of, throwError, type OperatorFunction } from 'rxjs';
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
export const faults = (): OperatorFunction<unknown, Fault> => (source$) =>
  source$.pipe(
    ignoreElements(),
    catchError((error: unknown) => (isFault(error) ? of(error) : throwError(() => error))),
  );
