import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import type { ClosingRules } from '../closing-rules.ts';
import { relaying } from '../lean/relay.ts';
import { isFault } from '../vocabulary.ts';

/**
 * Takes the peer's known reactions to our own ending for what they are, its end of TCP, and no fault.
 * This is the one place that lists them:
 *
 * - a **reset** after our ending is on the wire: prog's whole answer is out, the peer had nothing more to read;
 * - a fatal alert **decode_error** after our bare FIN (`-s`): what OpenSSL 3 clients say of a FIN without close_notify
 *   ("unexpected eof while reading", SSL_R_UNEXPECTED_EOF_WHILE_READING, new in 3.0), and so no more than a FIN of theirs.
 *
 * ```
 * from peer  -x--y-----#
 * we ended   -----w
 * result     -x--y-----|
 * from peer  -x--y-----#
 * we ended   -----------w
 * result     -x--y-----#
 * ```
 *
 * - **completes**: with the source, or in place of an error that our ending provoked.
 * - **errors**: with the source, for any other error and for any error before our ending.
 * - **unsubscribes**: when unsubscribed.
 * - **holds**: nothing.
 *
 * @param weEnded$ emits once our ending (FIN, or close_notify and FIN) has been taken by the kernel; must replay.
 * @param rules the policy in force: only a bare FIN provokes decode_error.
 */
export const excuseProvoked = <T>(
  weEnded$: Observable<unknown>,
  rules: Pick<ClosingRules, 'sendsCloseNotify'>,
): MonoTypeOperatorFunction<T> =>
  relaying<T>({
    error: (error, relay) => (provoked(error, rules) && isTold(weEnded$) ? relay.end() : relay.fail(error)),
  });

/** Whether a fact is known by now. */
function isTold(fact$: Observable<unknown>): boolean {
  let told = false;
  fact$.subscribe(() => (told = true)).unsubscribe();
  return told;
}

function provoked(error: unknown, { sendsCloseNotify }: Pick<ClosingRules, 'sendsCloseNotify'>): boolean {
  if (!isFault(error)) return false;
  return error.kind === 'reset' || (error.kind === 'alert' && error.detail === 'decode_error' && !sendsCloseNotify);
}
