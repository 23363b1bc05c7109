import type { SecureContext } from 'node:tls';
import { TLSSocket } from 'node:tls';
import {
  asapScheduler,
  catchError,
  combineLatest,
  concat,
  EMPTY,
  endWith,
  finalize,
  mergeMap,
  observeOn,
  ReplaySubject,
  Subject,
  Subscription,
  take,
  takeUntil,
  throwError,
} from 'rxjs';
import { Fault, isFault, type Bytes, type Handshake } from '../../graph/vocabulary.ts';
import type { Sinks, Sources } from '../../graph/world.ts';
import type { SecureContexts } from '../credentials/contexts.ts';
import type { Network } from '../network/network.ts';
import type { Options } from '../options/options.ts';
import { faultOf, handshakeFault } from './alerts.ts';
import { decrypted, endingOf } from './decrypted.ts';
import { handshakeOf, refusalOf } from './handshake.ts';
import { hangUp, speak, type OurEnding } from './outbound.ts';
import { trackRecords } from './records.ts';
import { Transport } from './transport.ts';

/** What the engine needs to be the server side of TLS. */
export interface ServerSide {
  /** For peers that ask for no name, or for one that has no context of its own. */
  readonly secureContext: SecureContext;
  /** The context for a name; `undefined`: the default. */
  readonly select: ((serverName: string) => SecureContext | undefined) | undefined;
  readonly clientCertificate: 'none' | 'optional' | 'mandatory';
  /** Takes the lines of the NSS key log, with which the connection can be decrypted; `undefined`: there are none. */
  readonly keyLog?: ((line: Bytes) => void) | undefined;
  /** Sessions can be resumed: of the first record a copy is kept until the handshake is done. */
  readonly resumable?: boolean;
  /** Whatever the peer has sent is handed to OpenSSL within a call of this. */
  readonly handling?: ((handle: () => void) => void) | undefined;
}

/** The part of it that keys and options settle. */
export const sideWith = (
  { base, select }: Pick<SecureContexts, 'base' | 'select'>,
  { sniLevel, clientCertificate }: Pick<Options, 'sniLevel' | 'clientCertificate'>,
): ServerSide => ({ secureContext: base, select: sniLevel === 0 ? undefined : select, clientCertificate });

/** The peer as the tunnel sees it: {@link Sources} out, {@link Sinks} in. */
export interface PeerDriver extends Pick<Sources, 'secured$' | 'fromPeer$' | 'takenByPeer$' | 'hungUp$'> {
  /** Starts to carry out what the tunnel wants. Once. */
  connect(sinks: Pick<Sinks, 'toPeer$' | 'demandPeer$' | 'hangUp$'>): Subscription;
}

/**
 * TLS between the network and the tunnel, by Node's OpenSSL: a TLSSocket over {@link Transport}, so that every byte of ciphertext
 * passes through our hands. How the peer ends within TLS is found out by {@link endingOf}; how its TCP ends comes after that.
 */
export function startEngine(network: Network, side: ServerSide): PeerDriver {
  const transport = new Transport(network, side.handling);
  const tls = startTls(transport, side);
  const tlsEnding$ = endingOf(tls, transport);
  let tlsEnded = (): boolean => false;
  tlsEnding$.subscribe(() => (tlsEnded = (): boolean => true));

  const beginning = firstBytes(side.resumable === true ? FIRST_RECORD : 0);
  // A Subject that has ended ignores what comes later, so that the first outcome of the handshake is the outcome.
  const secured$ = new ReplaySubject<Handshake>(1);
  let isSecured = false;
  const refuse = (reason: string): void => {
    // Every connection ends: most of them need no Fault for it, which takes 40 µs.
    if (!isSecured) secured$.error(new Fault('handshake', reason));
  };
  tls.on('error', (error: Error) => secured$.error(handshakeFault(faultOf(error))));
  tls.on('secure', () => {
    const refusal = refusalOf(tls, side.clientCertificate);
    if (refusal !== undefined) return refuse(refusal);
    secured$.next(handshakeOf(tls, side.clientCertificate, beginning.take));
    secured$.complete();
    isSecured = true;
  });
  tlsEnding$.subscribe((ending) => {
    if (isFault(ending)) secured$.error(handshakeFault(ending));
    else refuse(ending === 'fin' ? 'the peer ended the connection' : 'the peer sent close_notify');
  });

  // From the network: every chunk to the record tracker, then to OpenSSL. Once TLS has ended, only the end of TCP matters.
  const records = trackRecords();
  const tcpEnding$ = new ReplaySubject<'fin' | Fault>(1);
  const broke$ = new ReplaySubject<void>(1);
  network.fromNetwork$.subscribe({
    next(chunk) {
      if (tlsEnded()) return;
      records.follow(chunk);
      beginning.add(chunk);
      // Pushing may decrypt the peer's ending; then we read on, for its FIN.
      network.read((transport.pass(chunk) && !transport.isPaused()) || tlsEnded());
    },
    error(fault: unknown) {
      refuse(`the connection broke: ${asFault(fault).detail}`);
      tcpEnding$.next(asFault(fault));
      transport.push(null);
      broke$.next();
    },
    complete() {
      const { missing } = records;
      const cut = `the peer ended in the middle of a record, ${missing} bytes short`;
      tcpEnding$.next(missing > 0 ? new Fault('cutRecord', cut) : 'fin');
      transport.push(null);
    },
  });

  const inboundTold$ = new ReplaySubject<never>(1);
  const tcpEnded$ = combineLatest([tlsEnding$, tcpEnding$]).pipe(
    take(1),
    // What follows a close_notify is no record of ours, be it whole or not.
    mergeMap(([withinTls, tcp]) =>
      tcp === 'fin' || (tcp.kind === 'cutRecord' && withinTls === 'close_notify') ? EMPTY : throwError(() => tcp),
    ),
  );
  const fromPeer$ = concat(decrypted(tls, tlsEnding$), tcpEnded$).pipe(finalize(() => inboundTold$.complete()));

  // Live, read by the tunnel at once: the numbers are not kept.
  const takenByPeer$ = new Subject<number>();
  const unwritable$ = network.unwritable$.pipe(
    catchError((fault: unknown) => {
      refuse(`the connection broke: ${asFault(fault).detail}`);
      broke$.next();
      // For the tunnel a broken connection is the end of everything: the peer's last data must have come before.
      return concat(
        inboundTold$,
        throwError(() => fault),
      );
    }),
  );
  unwritable$.subscribe({ error: (fault: unknown) => takenByPeer$.error(fault) });

  const hungUp$ = new ReplaySubject<void>(1);
  function connect(sinks: Pick<Sinks, 'toPeer$' | 'demandPeer$' | 'hangUp$'>): Subscription {
    const ending: OurEnding = { stage: 'open' };
    const subscription = new Subscription();
    subscription.add(speak(sinks.toPeer$, { network, tls, transport, ending }).subscribe(takenByPeer$));
    // When the connection is broken nothing more will come, and what is here is passed on whatever the demand.
    const demand$ = sinks.demandPeer$.pipe(takeUntil(broke$), endWith(true));
    subscription.add(demand$.subscribe((high) => (high ? tls.resume() : tls.pause())));
    subscription.add(
      sinks.hangUp$.subscribe(() =>
        hangUp({ network, tls, ending }, () => {
          hungUp$.next();
          hungUp$.complete();
        }),
      ),
    );
    return subscription;
  }

  return {
    // 'secure' comes out of the middle of the call that writes our last flight of a TLS 1.2 handshake. First let that out: prog takes
    // longer to start.
    secured$: secured$.pipe(observeOn(asapScheduler)),
    fromPeer$,
    takenByPeer$,
    hungUp$,
    connect,
  };
}

function startTls(transport: Transport, { secureContext, select, clientCertificate, keyLog }: ServerSide): TLSSocket {
  const tls = new TLSSocket(transport, {
    isServer: true,
    secureContext,
    requestCert: clientCertificate !== 'none',
    rejectUnauthorized: clientCertificate === 'mandatory',
    ...(select === undefined ? {} : { SNICallback: (serverName, callback) => callback(null, select(serverName)) }),
  });
  if (keyLog !== undefined) tls.on('keylog', keyLog);
  // Paused from the start, or the first 'data' listener would set it flowing.
  tls.pause();
  return tls;
}

/** A copy of the first bytes of a stream, at most so many, until they are taken. */
const firstBytes = (most: number) => {
  let bytes = new Uint8Array();
  let left = most;
  return {
    add(chunk: Bytes): void {
      if (left === 0) return;
      const more = chunk.subarray(0, left);
      left -= more.length;
      const longer = new Uint8Array(bytes.length + more.length);
      longer.set(bytes);
      longer.set(more, bytes.length);
      bytes = longer;
    },
    take: (): Bytes => {
      const taken = bytes;
      bytes = new Uint8Array();
      left = 0;
      return taken;
    },
  };
};

/** Bytes: the longest record before encryption, with its header (RFC 8446 §5.1). */
const FIRST_RECORD = 5 + 16_384;

const asFault = (error: unknown): Fault => (isFault(error) ? error : new Fault('reset', String(error)));
