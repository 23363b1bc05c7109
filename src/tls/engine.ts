import type { SecureContext } from 'node:tls';
import { TLSSocket } from 'node:tls';
import { Observable, ReplaySubject, Subject, Subscription } from 'rxjs';
import { CLOSE_NOTIFY, Fault, isFault, type Bytes, type CloseNotify, type Handshake } from '../../graph/vocabulary.ts';
import type { Sinks, Sources } from '../../graph/world.ts';
import type { Network } from '../network/network.ts';
import { faultOf, handshakeFaultOf } from './alerts.ts';
import { handshakeOf, refusalOf } from './handshake.ts';
import { trackRecords } from './records.ts';
import { Transport } from './transport.ts';

/** What the engine needs to be the server side of TLS. */
export interface ServerSide {
  /** For peers that ask for no name, or for one that has no context of its own. */
  readonly secureContext: SecureContext;
  /** The context for a name; `undefined`: the default. */
  readonly select: ((serverName: string) => SecureContext | undefined) | undefined;
  readonly clientCertificate: 'none' | 'optional' | 'mandatory';
}

/** The peer as the tunnel sees it: {@link Sources} out, {@link Sinks} in. */
export interface PeerDriver extends Pick<Sources, 'secured$' | 'fromPeer$' | 'takenByPeer$' | 'hungUp$'> {
  /** Starts to carry out what the tunnel wants. Once. */
  connect(sinks: Pick<Sinks, 'toPeer$' | 'demandPeer$' | 'hangUp$'>): Subscription;
}

/**
 * TLS between the network and the tunnel, by Node's OpenSSL.
 *
 * Theory of operation. A TLSSocket works over {@link Transport}, so that every ciphertext byte passes through our hands.
 * That is what lets us tell endings apart which TLSSocket shows alike (Node 20):
 *
 * - `push(null)` on the TLSSocket comes while a chunk is decrypted for a close_notify, but after the transport's own 'end'
 *   for a FIN. The 'end' event comes later in both cases, and a paused reader delays it: it tells nothing.
 * - A FIN inside a record is invisible above TLS; the record tracker sees it.
 * - A failure after the handshake comes as '_tlsError', not as 'error': the 'error' event is for a tls.Server that has
 *   released control (Node 20, lib/_tls_wrap.js, `onerror`). By then OpenSSL's alert has been written to the transport.
 *
 * An ending is never held back by low demand: what was decrypted before it is passed on at once, at most one chunk of
 * ciphertext (64 KiB), and then the ending. Otherwise a stalled prog would keep us from answering.
 */
export function startEngine(network: Network, side: ServerSide): PeerDriver {
  const secured$ = new ReplaySubject<Handshake>(1);
  // Live, read by the tunnel at once: the numbers are not kept.
  const takenByPeer$ = new Subject<number>();
  const hungUp$ = new ReplaySubject<void>(1);

  const transport = new Transport(network);
  const records = trackRecords();
  let stage: 'handshake' | 'open' | 'failed' = 'handshake';
  let peerSaid: 'data' | 'close_notify' | Fault = 'data';
  let tcp: 'open' | 'fin' | Fault = 'open';
  let heedsDemand = true;
  let inbound: 'open' | 'ending' | 'told' = 'open';
  const peerHasEnded = (): boolean => peerSaid !== 'data';

  let deliver = (): void => undefined;
  const refuse = (fault: Fault): void => {
    if (stage !== 'handshake') return;
    stage = 'failed';
    network.read(false);
    secured$.error(fault);
  };

  const endTransport = (ending: 'fin' | Fault): void => {
    inbound = 'ending';
    if (peerHasEnded()) {
      tcp = isFault(ending) && ending.kind === 'cutRecord' ? 'fin' : ending;
      deliver();
      return;
    }
    // Before the TLSSocket's own listener, which pushes the end of the decrypted stream.
    transport.prependOnceListener('end', () => {
      tcp = ending;
    });
    transport.push(null);
  };
  // Who holds the data back will get no more of it: what is here is passed on now, and then what happened.
  const flush = (): void => {
    heedsDemand = false;
    tls.resume();
  };

  // From the network: every chunk to the record tracker, then to OpenSSL; nothing any more once TLS has ended.
  network.fromNetwork$.subscribe({
    next(chunk) {
      if (peerHasEnded() || stage === 'failed') return;
      records.follow(chunk);
      const more = transport.push(chunk);
      // Pushing may have decrypted the peer's ending; then we read on, for its FIN.
      if (!more && !peerHasEnded()) network.read(false);
    },
    error(error: unknown) {
      const fault = asFault(error);
      refuse(new Fault('handshake', `the connection broke: ${fault.detail}`));
      endTransport(fault);
      flush();
    },
    complete() {
      const { missing } = records;
      const cut = `the peer ended in the middle of a record, ${missing} bytes short`;
      endTransport(missing > 0 ? new Fault('cutRecord', cut) : 'fin');
    },
  });

  let unwritable: Fault | undefined;
  const tellUnwritable = (): void => {
    // Not before the peer's last data has reached the tunnel, which takes a broken connection for the end of everything.
    if (unwritable !== undefined && inbound !== 'ending') takenByPeer$.error(unwritable);
  };
  network.unwritable$.subscribe({
    error(error: unknown) {
      unwritable = asFault(error);
      refuse(new Fault('handshake', `the connection broke: ${unwritable.detail}`));
      flush();
      tellUnwritable();
    },
  });

  const tls = new TLSSocket(transport, {
    isServer: true,
    secureContext: side.secureContext,
    requestCert: side.clientCertificate !== 'none',
    rejectUnauthorized: side.clientCertificate === 'mandatory',
    ...(side.select === undefined ? {} : { SNICallback: selectBy(side.select) }),
  });
  tls.pause();
  watchEnd(tls, () => {
    if (tcp === 'open') peerSaid = 'close_notify';
    refuse(new Fault('handshake', tcp === 'open' ? 'the peer sent close_notify' : 'the peer ended the connection'));
    deliver();
  });
  tls.on('secure', () => {
    const refusal = refusalOf(tls, side.clientCertificate);
    if (refusal !== undefined) return refuse(new Fault('handshake', refusal));
    stage = 'open';
    secured$.next(handshakeOf(tls, side.clientCertificate));
    secured$.complete();
  });
  tls.on('error', (error: Error) => refuse(handshakeFaultOf(error)));
  tls.on('_tlsError', (error: Error) => {
    refuse(handshakeFaultOf(error));
    if (peerSaid === 'data') peerSaid = faultOf(error);
    deliver();
  });

  const fromPeer$ = new Observable<Bytes | CloseNotify>((subscriber) => {
    let said = false;
    tls.on('data', (chunk: Bytes) => subscriber.next(chunk));
    deliver = (): void => {
      if (peerSaid === 'data' && tcp === 'open') return;
      while (tls.readableLength > 0 && tls.read() !== null);
      if (isFault(peerSaid)) {
        subscriber.error(peerSaid);
        return;
      }
      if (peerSaid === 'close_notify' && !said) {
        said = true;
        network.read(true);
        subscriber.next(CLOSE_NOTIFY);
      }
      if (tcp === 'open') return;
      if (isFault(tcp)) subscriber.error(tcp);
      else subscriber.complete();
      inbound = 'told';
      tellUnwritable();
    };
    // Not within subscribe: whoever else listens is not subscribed yet.
    const first = setImmediate(() => deliver());
    return () => clearImmediate(first);
  });

  function connect(sinks: Pick<Sinks, 'toPeer$' | 'demandPeer$' | 'hangUp$'>): Subscription {
    let onTheWay = 0;
    let ending: 'none' | 'wanted' | 'taken' = 'none';
    let closeNotify = false;

    const ended = (): void => {
      ending = 'taken';
      takenByPeer$.complete();
    };
    const endWhenDrained = (): void => {
      if (ending === 'wanted' && onTheWay === 0) transport.endBare();
    };
    transport.once('weEnded', ended);

    // A subscription of its own: those added to that of toPeer$ would go when toPeer$ completes.
    const subscription = new Subscription();
    const toPeer = sinks.toPeer$.subscribe({
      next(value) {
        if (value === CLOSE_NOTIFY) {
          closeNotify = true;
          return;
        }
        onTheWay += value.byteLength;
        tls.write(value, (error) => {
          if (error != null) return;
          onTheWay -= value.byteLength;
          takenByPeer$.next(value.byteLength);
          if (!closeNotify) endWhenDrained();
        });
      },
      // The fault is told by fromPeer$; here it only means that nothing more is said.
      error: () => undefined,
      complete() {
        ending = 'wanted';
        if (closeNotify) tls.end();
        else endWhenDrained();
      },
    });
    subscription.add(toPeer);
    subscription.add(
      sinks.demandPeer$.subscribe((high) => {
        if (high) tls.resume();
        else if (heedsDemand) tls.pause();
      }),
    );
    subscription.add(
      sinks.hangUp$.subscribe(() => {
        let turns = 0;
        const closeWhenTold = (): void => {
          turns += 1;
          const waiting = ending === 'wanted' && turns < HANG_UP_TURNS && !(turns > 2 && network.pending);
          if (waiting) setImmediate(closeWhenTold);
          else {
            network.close();
            hungUp$.next();
            hungUp$.complete();
          }
        };
        closeWhenTold();
      }),
    );
    return subscription;
  }

  return { secured$, fromPeer$, takenByPeer$, hungUp$, connect };
}

/** Calls back when the end of the decrypted stream is pushed, before anything can delay it. */
function watchEnd(tls: TLSSocket, ended: () => void): void {
  const push = tls.push.bind(tls);
  let once = false;
  tls.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    const more = push(chunk, encoding);
    if (chunk === null && !once) {
      once = true;
      ended();
    }
    return more;
  };
}

const asFault = (error: unknown): Fault => (isFault(error) ? error : new Fault('reset', String(error)));

const selectBy =
  (select: (serverName: string) => SecureContext | undefined) =>
  (serverName: string, callback: (error: null, context?: SecureContext) => void): void =>
    callback(null, select(serverName));

/** Turns of the event loop that an ending on its way gets when we hang up; a full socket takes no more turns, only the peer's reading would help. */
const HANG_UP_TURNS = 100;
