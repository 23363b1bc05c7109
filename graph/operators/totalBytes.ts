import { Observable, type OperatorFunction } from 'rxjs';
import { relay } from '../lean/relay.ts';
import { CLOSE_NOTIFY, type Bytes, type CloseNotify } from '../vocabulary.ts';

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
  new Observable((to) => {
    let total = 0;
    to.next(total);
    relay(source$, to, {
      next: (value) => to.next((total += value === CLOSE_NOTIFY ? 0 : value.byteLength)),
      error: (_, listener) => listener.end(),
    });
  });
