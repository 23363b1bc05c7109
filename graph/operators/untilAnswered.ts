import { identity, Observable, type MonoTypeOperatorFunction } from 'rxjs';
import type { ClosingRules } from '../closing-rules.ts';
import { ignore, relay, type Hears } from '../lean/relay.ts';
import { CLOSE_NOTIFY, type Bytes, type CloseNotify } from '../vocabulary.ts';

/**
 * Under TLS 1.2 with `-S` or `-N`, drops what prog still has to say as soon as the peer sends close_notify,
 * so that our own close_notify goes out at once.
 *
 * ```
 * from prog             -a-b--c--d--|
 * from peer             -----N---|
 * TLS 1.3     result    -a-b--c--d--|
 * TLS 1.2     result    -a-b-|
 * ```
 *
 * - **completes**: at the peer's close_notify, or with the source.
 * - **errors**: with the source or with the peer.
 * - **unsubscribes**: at the peer's close_notify.
 * - **holds**: nothing.
 *
 * RFC 5246 §7.2.1: "The other party MUST respond with a close_notify alert of its own and close down the connection
 * immediately, discarding any pending writes." RFC 8446 §6.1 took that back: a half-closed TLS 1.3 goes on.
 *
 * @param peer$ what the peer sends.
 * @param rules the policy in force.
 */
export const untilAnswered = (
  peer$: Observable<Bytes | CloseNotify>,
  { answersAtOnce }: Pick<ClosingRules, 'answersAtOnce'>,
): MonoTypeOperatorFunction<Bytes> =>
  answersAtOnce
    ? (source$) =>
        new Observable((to) => {
          relay(peer$, to, AT_CLOSE_NOTIFY);
          if (!to.closed) source$.subscribe(to);
        })
    : identity;

const AT_CLOSE_NOTIFY: Hears<Bytes | CloseNotify, Bytes> = {
  next(value, listener) {
    if (value === CLOSE_NOTIFY) listener.end();
  },
  complete: ignore,
};
