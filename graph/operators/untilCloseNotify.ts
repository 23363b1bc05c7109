import type { OperatorFunction } from 'rxjs';
import { relaying, type Hears } from '../lean/relay.ts';
import { CLOSE_NOTIFY, type Bytes, type CloseNotify } from '../vocabulary.ts';

/**
 * Passes the peer's data until its close_notify, and ends there: what comes after it is not data.
 *
 * ```
 * from peer  -x--y--N--z--|
 * to prog    -x--y--|
 * ```
 *
 * - **completes**: at the close_notify, or with the source (a FIN without one).
 * - **errors**: with the source.
 * - **unsubscribes**: at the close_notify.
 * - **holds**: nothing.
 *
 * RFC 8446 §6.1: "Any data received after a closure alert has been received MUST be ignored."
 */
export const untilCloseNotify = (): OperatorFunction<Bytes | CloseNotify, Bytes> => relaying(DATA);

const DATA: Hears<Bytes | CloseNotify, Bytes> = {
  next: (value, relay) => (value === CLOSE_NOTIFY ? relay.end() : relay.say(value)),
};
