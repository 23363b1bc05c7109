import type { OperatorFunction } from 'rxjs';
import { relaying, type Hears } from '../lean/relay.ts';
import { CLOSE_NOTIFY, isFault, type Bytes, type CloseNotify } from '../vocabulary.ts';
import type { PeerEnding } from '../verdict.ts';

/**
 * Names the first way in which the peer ended its direction: close_notify (n), FIN (e) or a fault (f).
 *
 * ```
 * from peer  -x-N---|
 * ending     ---(n|)
 * from peer  -x-----|
 * ending     -------(e|)
 * from peer  -x-----#
 * ending     -------(f|)
 * ```
 *
 * - **completes**: with its one value.
 * - **errors**: with an error that is no fault.
 * - **unsubscribes**: at the first ending: a FIN behind a close_notify is only the end of TCP.
 * - **holds**: nothing.
 */
export const peerEnding = (): OperatorFunction<Bytes | CloseNotify, PeerEnding> => relaying(ENDINGS);

const ENDINGS: Hears<Bytes | CloseNotify, PeerEnding> = {
  next: (value, relay) => {
    if (value === CLOSE_NOTIFY) relay.sayLast('close_notify');
  },
  error: (error, relay) => (isFault(error) ? relay.sayLast(error) : relay.fail(error)),
  complete: (relay) => relay.sayLast('fin'),
};
