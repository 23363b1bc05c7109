import { tap } from 'rxjs';
import { isFault } from '../../graph/vocabulary.ts';
import type { Network } from '../network/network.ts';
import { RECORD_HEADER, trackRecords } from '../tls/records.ts';
import type { RecordType } from './format.ts';
import { encode, encodeBytes, type LineRest } from './encode.ts';

/**
 * The network as it is, and a listener who is told of the records and the ends of TCP on it. What we say is told when the kernel has
 * taken it: what it never took was not on the wire.
 */
export function watchedNetwork(network: Network, tell: (event: LineRest) => void): Network {
  const inbound = wireRow('in', tell);
  const outbound = wireRow('out', tell);
  let reset = false;
  const tellReset = (error: unknown): void => {
    // A failed write ends both what can be read and what can be written: one reset.
    if (reset) return;
    reset = true;
    inbound.cut();
    const detail = isFault(error) ? error.detail : String(error);
    tell(encode({ stream: 'wire', direction: 'in', kind: 'reset', detail }));
  };
  return {
    fromNetwork$: network.fromNetwork$.pipe(
      tap({ next: (chunk) => inbound.follow(chunk), complete: () => inbound.fin(), error: tellReset }),
    ),
    unwritable$: network.unwritable$.pipe(tap({ error: tellReset })),
    read: (on) => network.read(on),
    write: (chunks, taken) =>
      network.write(chunks, () => {
        for (const chunk of chunks) outbound.follow(chunk);
        taken();
      }),
    end: (taken, fin) =>
      network.end(() => {
        outbound.fin();
        taken();
      }, fin),
    get pending() {
      return network.pending;
    },
    close() {
      network.close();
      inbound.cut();
    },
  };
}

interface WireRow {
  readonly follow: (chunk: Uint8Array) => void;
  readonly fin: () => void;
  /** Tells of a record that has begun and will not be finished, once. */
  readonly cut: () => void;
}

function wireRow(direction: 'in' | 'out', tell: (event: LineRest) => void): WireRow {
  const row = { stream: 'wire', direction } as const;
  const encodeRecord = (type: RecordType) =>
    encodeBytes((length) => ({ ...row, kind: 'record', type, length, bytes: RECORD_HEADER + length }));
  const known = new Map(RECORD_TYPES.map(([number, type]) => [number, encodeRecord(type)]));
  const unknown = encodeRecord('unknown');
  const records = trackRecords((type, length) => tell((known.get(type) ?? unknown)(length)));
  let over = false;
  const cut = (): void => {
    const { begun: bytes, missing } = records;
    if (!over && missing > 0) tell(encode({ ...row, kind: 'cut_record', bytes, missing }));
    over = true;
  };
  const fin = (): void => {
    cut();
    tell(encode({ ...row, kind: 'fin' }));
  };
  return { follow: (chunk) => records.follow(chunk), fin, cut };
}

/** RFC 8446 §5.1. */
const RECORD_TYPES: readonly (readonly [number, RecordType])[] = [
  [20, 'change_cipher_spec'],
  [21, 'alert'],
  [22, 'handshake'],
  [23, 'application_data'],
];
