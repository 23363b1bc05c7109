import { identity, type OperatorFunction } from 'rxjs';
import type { ClosingRules } from '../closing-rules.ts';
import { relaying, type Hears } from '../lean/relay.ts';
import { CLOSE_NOTIFY, type Bytes, type CloseNotify } from '../vocabulary.ts';

/**
 * Ends the outbound direction as the policy says: a bare FIN, or close_notify and then FIN.
 *
 * ```
 * from prog             -a--b---|
 * under -s  to peer     -a--b---|
 * under -S  to peer     -a--b---(N|)
 * ```
 *
 * - **completes**: with the source; the completion of what goes to the peer is the FIN.
 * - **errors**: with the source, and then nothing is said: neither close_notify nor FIN.
 * - **unsubscribes**: when unsubscribed.
 * - **holds**: nothing.
 *
 * RFC 8446 §6.1: "Each party MUST send a close_notify alert before closing its write side of the connection, unless it
 * has already sent some error alert." `-s` knowingly does not, as s6-tlsd's default: it keeps the half-close of plain TCP.
 *
 * @param rules the policy in force.
 */
export const endBy = ({
  sendsCloseNotify,
}: Pick<ClosingRules, 'sendsCloseNotify'>): OperatorFunction<Bytes, Bytes | CloseNotify> =>
  sendsCloseNotify ? relaying(SAYS_CLOSE_NOTIFY) : identity;

const SAYS_CLOSE_NOTIFY: Hears<Bytes, Bytes | CloseNotify> = { complete: (relay) => relay.sayLast(CLOSE_NOTIFY) };
