import type { TraceEvent } from '../trace/format.ts';
import { handshakeOf, type Recording } from './recording.ts';
import { tellBytes } from './words.ts';

/**
 * The record that carried a close_notify; `undefined` when it was not seen. The peer's has come before it was understood; ours goes
 * out after it was said, as the last record of its size before TCP ends: session tickets can come behind it.
 *
 * @param index of the event that says close_notify.
 */
export function carrierOf({ events }: Recording, index: number): RecordEvent | undefined {
  const inbound = events[index]?.stream === 'fromPeer';
  const candidates = inbound ? events.slice(0, index) : events.slice(index + 1);
  if (inbound) return candidates.findLast(isRecordIn);
  const outbound = candidates.filter(isRecordOut);
  return outbound.findLast(({ type, bytes }) => type === 'alert' || bytes <= ALERT_RECORD) ?? outbound.at(-1);
}

/** The same as a sentence. */
export function recordOf(recording: Recording, index: number): string {
  const record = carrierOf(recording, index);
  if (record === undefined) return 'Its record was not seen on the wire.';
  const looks =
    record.type === 'application_data' && handshakeOf(recording)?.protocol === 'TLSv1.3'
      ? ', because TLS 1.3 hides which records are alerts (RFC 8446 §5.2)'
      : '';
  return `On the wire: a record of ${tellBytes(record.bytes)} that calls itself ${record.type}${looks}.`;
}

type RecordEvent = Extract<TraceEvent, { readonly stream: 'wire'; readonly kind: 'record' }>;
const isRecordIn = (event: TraceEvent): event is RecordEvent => event.kind === 'record' && event.direction === 'in';
const isRecordOut = (event: TraceEvent): event is RecordEvent => event.kind === 'record' && event.direction === 'out';

/** Bytes of an alert in TLS 1.3, at most: header, alert, real type, and an authentication tag of 16 (RFC 8446 §5.2). */
const ALERT_RECORD = 24;
