import { identity, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import type { ClosingRules } from '../closing-rules.ts';
import type { Bytes } from '../vocabulary.ts';
import { until } from './until.ts';

/**
 * Under `-S` ends what goes to prog with our own ending; under `-N` and `-s` listens on.
 *
 * ```
 * from peer          -x--y--z--|
 * we ended           ---w
 * -S         result  -x-|
 * -N         result  -x--y--z--|
 * ```
 *
 * - **completes**: at our ending, if the policy does not listen on after it; with the source.
 * - **errors**: with the source.
 * - **unsubscribes**: at our ending.
 * - **holds**: nothing.
 *
 * RFC 8446 §6.1: a close_notify ends only the sender's own direction: "This does not have any effect on its read side of the
 * connection." That is `-N`, which no other tool offers by name. Under TLS 1.2 the peer has to answer at once and close
 * (RFC 5246 §7.2.1), so that there is nothing to listen to, and `-N` is `-S`.
 *
 * @param weEnded$ emits once our ending has been taken by the kernel.
 * @param rules the policy in force.
 */
export const untilDeaf = (
  weEnded$: Observable<unknown>,
  { keepsListening }: Pick<ClosingRules, 'keepsListening'>,
): MonoTypeOperatorFunction<Bytes> => (keepsListening ? identity : until(weEnded$));
