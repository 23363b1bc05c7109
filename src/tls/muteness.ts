import type { TLSSocket } from 'node:tls';
import { Fault } from '../../graph/vocabulary.ts';
import type { Network } from '../network/network.ts';
import type { Transport } from './transport.ts';

/**
 * Finds out that OpenSSL has given up without a word: calls `broken` when a write makes no progress although nothing below is
 * busy. To be called whenever there is something on the way.
 *
 * Theory of operation. After a fatal alert whose number OpenSSL has no name for (RFC 9849 ech_required, 121, is one) SSL_read fails
 * with an error without a reason, and Node tells nobody (Node 20 to 24, src/crypto/crypto_tls.cc, `TLSWrap::ClearOut`: `Set` of a null
 * reason is an early return). From then on each write waits for ever, without an error; we would too, long after the peer has gone.
 * A write that is all right is handed down at once, or a turn after the one before it was taken (`JSStreamSocket`).
 */
export function listenForMuteness(
  { network, tls, transport }: { network: Network; tls: TLSSocket; transport: Transport },
  broken: (fault: Fault) => void,
): () => void {
  let quietTurns = 0;
  let next: NodeJS.Immediate | undefined;
  const look = (): void => {
    next = undefined;
    const busyBelow = network.pending || transport.writableLength > 0;
    if (tls.writableLength === 0 || busyBelow) return;
    quietTurns += 1;
    if (quietTurns < QUIET_TURNS) next = setImmediate(look);
    else broken(new Fault('alert', 'of an unknown kind'));
  };
  return () => {
    quietTurns = 0;
    next ??= setImmediate(look);
  };
}

/** Of the event loop; a write needs two. */
const QUIET_TURNS = 10;
