import type { TLSSocket } from 'node:tls';
import { Observable } from 'rxjs';
import { CLOSE_NOTIFY, type Bytes, type CloseNotify } from '../../graph/vocabulary.ts';
import { discarded } from '../garbage.ts';
import { giveBack } from '../memory.ts';
import type { Network } from '../network/network.ts';
import { listenForMuteness } from './muteness.ts';
import type { Transport } from './transport.ts';

/** How far our own ending has come. */
export interface OurEnding {
  stage: 'open' | 'wanted' | 'taken';
}

/**
 * Says to the peer what the tunnel wants said; emits the size of each chunk once the kernel has its ciphertext.
 *
 * - **completes**: when the kernel has our ending: FIN, or close_notify and FIN.
 * - **errors**: with an `alert` Fault when OpenSSL has given up without a word; a failed write is told by the network.
 * - **unsubscribes**: from what is to be said.
 * - **holds**: what the kernel has not taken; the tunnel's demand bounds it.
 *
 * `tls.end()` always says close_notify (Node 20), so a bare FIN goes past it, behind the last acknowledged byte.
 */
export function speak(
  toPeer$: Observable<Bytes | CloseNotify>,
  { network, tls, transport, ending }: { network: Network; tls: TLSSocket; transport: Transport; ending: OurEnding },
): Observable<number> {
  return new Observable((subscriber) => {
    const listen = listenForMuteness({ network, tls, transport }, (fault) => subscriber.error(fault));
    let onTheWay = 0;
    let end = (): void => {
      if (ending.stage === 'wanted' && onTheWay === 0) handedDown(transport, () => transport.endBare());
    };
    transport.once('weEnded', () => {
      ending.stage = 'taken';
      subscriber.complete();
    });
    subscriber.add(
      toPeer$.subscribe({
        next(value) {
          if (value === CLOSE_NOTIFY) {
            end = (): void => void tls.end();
            return;
          }
          onTheWay += value.byteLength;
          tls.write(value, (error) => {
            if (error != null) return;
            onTheWay -= value.byteLength;
            giveBack(value);
            discarded(value.byteLength);
            subscriber.next(value.byteLength);
            if (ending.stage === 'wanted') end();
            if (onTheWay > 0) listen();
          });
          listen();
        },
        // What broke is known to whoever ends the connection; here it only means that nothing more is said.
        error: () => undefined,
        complete() {
          ending.stage = 'wanted';
          end();
        },
      }),
    );
  });
}

/**
 * Waits until OpenSSL has handed down what it had to say before now, which can be the last flight of a TLS 1.2 handshake: 'secure'
 * comes out of the middle of the call that writes it, and what is behind a write that Node has not finished comes a turn later. Then
 * it is in the queue of the transport, before our FIN, however long the kernel takes for it.
 */
function handedDown(transport: Transport, done: () => void, turns = HAND_DOWN_TURNS): void {
  setImmediate(() => {
    if (transport.writableLength > 0 && turns > 0) handedDown(transport, done, turns - 1);
    else done();
  });
}

/**
 * Closes the network, after it has had the chance to take our ending, if there is one on its way, and the alert that OpenSSL may
 * have added behind a write that Node has not finished yet (a JSStreamSocket tells a turn later that it has): that takes a few
 * turns of the event loop. A socket that is full takes no more turns, only the peer's reading would help, and we do not wait for
 * the peer.
 */
export function hangUp(
  { network, tls, ending }: { network: Network; tls: TLSSocket; ending: OurEnding },
  done: () => void,
): void {
  const closeAfter = (turns: number): void => {
    const full = network.pending && turns < HANG_UP_TURNS - 2;
    const unsaid = ending.stage === 'wanted' || (tls.writableLength > 0 && !tls.destroyed);
    if (unsaid && turns > 0 && !full) {
      setImmediate(() => closeAfter(turns - 1));
      return;
    }
    network.close();
    done();
  };
  closeAfter(HANG_UP_TURNS);
}

const HANG_UP_TURNS = 100;

/** Of the event loop; one is enough unless a write is being finished. */
const HAND_DOWN_TURNS = 10;
