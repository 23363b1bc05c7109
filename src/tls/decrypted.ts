import type { TLSSocket } from 'node:tls';
import { Observable, ReplaySubject } from 'rxjs';
import { CLOSE_NOTIFY, isFault, type Bytes, type CloseNotify, type Fault } from '../../graph/vocabulary.ts';
import { discarded } from '../garbage.ts';
import { borrow, PIECE } from '../memory.ts';
import { faultOf } from './alerts.ts';
import type { Transport } from './transport.ts';

/** How the peer stops talking within TLS: by close_notify, because TCP ended, or because a record broke TLS or was a fatal alert. */
export type TlsEnding = 'close_notify' | 'fin' | Fault;

/**
 * Finds out how the peer ends within TLS, in the moment it is known; remembered for those who ask later.
 *
 * Theory of operation. TLSSocket shows a close_notify and a FIN alike (Node 20): an 'end' event, which comes late, and later still
 * when the reader is paused. But the end of the decrypted data is *pushed* while the chunk with the close_notify is processed,
 * and for a FIN from within the transport's own 'end'. A failure comes as '_tlsError', which is not followed by an 'error' after
 * the handshake: that is for a tls.Server that has released control (lib/_tls_wrap.js, `onerror`). OpenSSL's own alert has been
 * written to the transport by then.
 */
export function endingOf(tls: TLSSocket, transport: Transport): Observable<TlsEnding> {
  const ending$ = new ReplaySubject<TlsEnding>(1);
  const settle = (ending: TlsEnding): void => {
    ending$.next(ending);
    ending$.complete();
  };
  tls.on('_tlsError', (error: Error) => settle(faultOf(error)));
  const push = tls.push.bind(tls);
  tls.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    const more = push(chunk, encoding);
    if (chunk === null) settle(transport.readableEnded ? 'fin' : 'close_notify');
    return more;
  };
  return ending$;
}

/** One chunk of one or more records; of more, a copy. */
const joined = (records: readonly Bytes[]): Bytes => {
  const [only, ...others] = records;
  if (only !== undefined && others.length === 0) return only;
  const total = records.reduce((length, record) => length + record.length, 0);
  discarded(total);
  const whole = total < PIECE / 2 || total > PIECE ? Buffer.allocUnsafeSlow(total) : borrow();
  let at = 0;
  for (const record of records) {
    whole.set(record, at);
    at += record.length;
  }
  return whole.subarray(0, total);
};

/**
 * What the peer says within TLS.
 *
 * - **completes**: after the peer's close_notify, which is a value, or at the end of TCP, whatever that is.
 * - **errors**: with a Fault when a record cannot be used or is a fatal alert.
 * - **unsubscribes**: without an effect.
 * - **holds**: what the TLSSocket has decrypted while paused: 16 KiB, and what one chunk of ciphertext, up to 1 MiB, goes beyond that.
 *   Records that come out together leave as one chunk: OpenSSL gives up 16 KiB at a time, and everything after it is paid per chunk.
 *
 * An ending is never held back by low demand: what was decrypted before it is passed on at once, and then the ending. Otherwise
 * a stalled prog would keep us from answering.
 *
 * `new Observable`, because the order of data and ending is the point.
 */
export function decrypted(tls: TLSSocket, ending$: Observable<TlsEnding>): Observable<Bytes | CloseNotify> {
  return new Observable((subscriber) => {
    let records: Bytes[] = [];
    const pass = (): void => {
      if (records.length === 0) return;
      const chunk = joined(records);
      records = [];
      subscriber.next(chunk);
    };
    tls.on('data', (record: Bytes) => {
      if (records.push(record) === 1) process.nextTick(pass);
    });
    const tell = (ending: TlsEnding): void => {
      while (tls.readableLength > 0 && tls.read() !== null);
      pass();
      if (isFault(ending)) return subscriber.error(ending);
      if (ending === 'close_notify') subscriber.next(CLOSE_NOTIFY);
      subscriber.complete();
    };
    // It may have ended already; but not within subscribe: whoever else listens is not subscribed yet.
    const first = setImmediate(() => subscriber.add(ending$.subscribe(tell)));
    subscriber.add(() => clearImmediate(first));
  });
}
