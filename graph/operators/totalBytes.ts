import { scan, startWith, type OperatorFunction } from 'rxjs';
import { CLOSE_NOTIFY, type Bytes, type CloseNotify } from '../vocabulary.ts';
import { faultAsEof } from './faultAsEof.ts';

/**
 * Counts the bytes that have passed so far.
 *
 * ```
 * to peer  -a--b--(N|)
 * total    01--2--(2|)
 * ```
 *
 * - **completes**: with the source, or in place of its error.
 * - **errors**: never.
 * - **unsubscribes**: when unsubscribed.
 * - **holds**: one number.
 */
export const totalBytes = (): OperatorFunction<Bytes | CloseNotify, number> => (source$) =>
  source$.pipe(
    faultAsEof(),
    scan((total, value) => (value === CLOSE_NOTIFY ? total : total + value.byteLength), 0),
    startWith(0),
  );
