import { Observable, type OperatorFunction } from 'rxjs';
import { ignore, relay } from '../lean/relay.ts';
import { CLOSE_NOTIFY, type Bytes, type CloseNotify } from '../vocabulary.ts';

/**
 * Says whether more may be read at the other end: yes while fewer bytes than the high-water mark are on their way.
 *
 * ```
 * given      -a-b--c-------|
 * taken      -----1-1-1
 * mark 2     h--l-hlh------|
 * ```
 *
 * - **completes**: when the given stream ends, one way or the other; the last value is then high, because from then on
 *   nothing is passed and what is still read is thrown away.
 * - **errors**: never.
 * - **unsubscribes**: when unsubscribed.
 * - **holds**: one number. The bytes themselves are held by whoever writes them: at most the mark and one chunk.
 *
 * RxJS only pushes, so back-pressure is a stream like any other: a source reads while its demand is high, a sink says what
 * the kernel took. A stalled reader stops the opposite source within one high-water mark.
 *
 * @param taken$ bytes that the sink has got rid of, as they go.
 * @param highWaterMark bytes, above 0.
 */
export const demand =
  (taken$: Observable<number>, highWaterMark: number): OperatorFunction<Bytes | CloseNotify, boolean> =>
  (given$) =>
    new Observable((to) => {
      let onTheWay = 0;
      let high = true;
      const tell = (now: boolean): void => {
        if (now === high) return;
        high = now;
        to.next(now);
      };
      const count = (bytes: number): void => {
        onTheWay += bytes;
        tell(onTheWay < highWaterMark);
      };
      const end = (): void => {
        taken.unsubscribe();
        tell(true);
        to.complete();
      };
      to.next(high);
      const taken = relay(taken$, to, { next: (bytes) => count(-bytes), complete: ignore });
      relay(given$, to, { next: (value) => count(sizeOf(value)), error: end, complete: end });
    });

const sizeOf = (value: Bytes | CloseNotify): number => (value === CLOSE_NOTIFY ? 0 : value.byteLength);
