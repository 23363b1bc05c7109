import { connect, filter, identity, ignoreElements, merge, take, throwIfEmpty } from 'rxjs';
import type { MonoTypeOperatorFunction } from 'rxjs';
import { CLOSE_NOTIFY, Fault, type Bytes, type CloseNotify } from '../vocabulary.ts';

/**
 * Under `-J`, makes an end that no close_notify announced an error: the peer's data may have been truncated.
 *
 * ```
 * from peer  -x--y-----|
 * under -J   -x--y-----#
 * from peer  -x--y--N--|
 * under -J   -x--y--N--|
 * under -j   -x--y--N--|
 * ```
 *
 * - **completes**: with the source, when a close_notify came before.
 * - **errors**: with a `truncation` in place of any other completion; with the source.
 * - **unsubscribes**: when unsubscribed.
 * - **holds**: one bit.
 *
 * A FIN can be forged by anyone on the path, a close_notify cannot: without it the receiver cannot tell a short message
 * from a shortened one (RFC 8446 §6.1, truncation attack). s6-tlsd: `-J` and `-j`.
 *
 * @param required `true` is `-J`; `false` (`-j`, the default of the program) passes everything.
 */
export const requireCloseNotify = (required: boolean): MonoTypeOperatorFunction<Bytes | CloseNotify> =>
  required
    ? connect((peer$) =>
        merge(
          peer$,
          peer$.pipe(
            filter((value) => value === CLOSE_NOTIFY),
            take(1),
            throwIfEmpty(() => new Fault('truncation', 'the peer ended without close_notify')),
            ignoreElements(),
          ),
        ),
      )
    : identity;
