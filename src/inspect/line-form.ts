import { LAWS } from '../../graph/laws.ts';
import { FAULT_RULES } from '../../graph/closing-rules.ts';
import {
  fieldFault,
  flag,
  isRecord,
  matches,
  nothing,
  one,
  optional,
  orNull,
  record,
  tell,
  text,
  whole,
} from './forms.ts';
import type { Fields, Form } from './forms.ts';
import type { Closing, Header, TraceEvent, TraceLine } from '../trace/format.ts';
import { TRACE_VERSION } from '../trace/format.ts';

/**
 * What is wrong with a line, for people; `undefined` when it is a line of a trace. Fields that nobody here knows are let through: a
 * newer program may add them without a new version.
 */
export function lineFault(line: unknown): string | undefined {
  if (!isRecord(line)) return 'not an object';
  if ('trace' in line) {
    if (line['trace'] !== TRACE_VERSION) return `a trace of version ${tell(line['trace'])}; only 1 is known here`;
    return fieldFault(line, HEADER);
  }
  if ('verdict' in line) return fieldFault(line, CLOSING);
  const { stream, kind } = line;
  const kinds = own(EVENTS, stream);
  if (kinds === undefined) return `unknown stream: ${tell(stream)}`;
  const fields = own(kinds as Readonly<Record<string, Fields | Either>>, kind);
  if (fields === undefined) return `unknown kind of ${String(stream)}: ${tell(kind)}`;
  return fieldFault(line, { ...EVENT, ...(typeof fields === 'function' ? fields(line) : fields) });
}

/** Fields that depend on which of them are there. */
type Either = (line: object) => Fields;

/** A {@link TraceLine}, when nothing is wrong with it. */
export const isTraceLine = (line: unknown): line is TraceLine => lineFault(line) === undefined;

const own = <T>(table: Readonly<Record<string, T>>, key: unknown): T | undefined =>
  typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;

const FAULTS = Object.keys(FAULT_RULES);
const code = whole(0, 255);
const signalNumber = whole(1, 64);
const count = whole(1);
const signal = one('SIGTERM', 'SIGINT', 'SIGHUP');
const time = { connection: whole(1), time: whole(0) };

/** Fields of every event. */
const EVENT: Fields = { ...time, stream: text, kind: text };
const inbound = { direction: one('in') };
const outbound = { direction: one('out') };
const data = {
  bytes: count,
  content: optional({ is: isBase64, told: 'base64' }),
};
/** Without a group in the pattern: V8 remembers each turn of one, and has no memory for those of a few megabytes. */
function isBase64(value: unknown): boolean {
  return typeof value === 'string' && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value);
}
const fault = { fault: one(...FAULTS.filter((kind) => kind !== 'reset')), detail: text };
const reset = { detail: text };
const taken = { bytes: count };

type StreamName = TraceEvent['stream'];
type KindOf<Stream extends StreamName> = Extract<TraceEvent, { readonly stream: Stream }>['kind'];

const EVENTS: { readonly [Stream in StreamName]: Readonly<Record<KindOf<Stream>, Fields | Either>> } = {
  secured: {
    handshake: {
      protocol: one('TLSv1.2', 'TLSv1.3'),
      cipher: text,
      serverName: optional(text),
      peerCertificateHash: optional(matches(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal')),
      peerCertificateSubject: optional(text),
    },
    fault,
    reset,
  },
  fromPeer: {
    data: { ...inbound, ...data },
    close_notify: inbound,
    fin: inbound,
    fault: { ...inbound, ...fault },
    reset: { ...inbound, ...reset },
  },
  fromProg: { data: { ...outbound, ...data }, eof: outbound },
  takenByPeer: {
    taken: { ...outbound, ...taken },
    ending_taken: outbound,
    fault: { ...outbound, ...fault },
    reset: { ...outbound, ...reset },
  },
  takenByProg: { taken: { ...inbound, ...taken } },
  progStdinGone: { gone: inbound },
  progExit: { exit: (line) => ('signal' in line ? { signal: signalNumber, code: nothing } : { code }) },
  signal: { signal: { signal } },
  hungUp: { gone: {} },
  startProg: { start: {} },
  toPeer: {
    data: { ...outbound, ...data },
    close_notify: outbound,
    fin: outbound,
    fault: { ...outbound, ...fault },
    reset: { ...outbound, ...reset },
  },
  toProg: { data: { ...inbound, ...data }, eof: inbound },
  demandPeer: { demand_up: inbound, demand_down: inbound },
  demandProg: { demand_up: outbound, demand_down: outbound },
  progSignal: { signal: { signal } },
  hangUp: { hang_up: {} },
  law: { law: { law: one(...Object.keys(LAWS)) }, timer: { law: one(...Object.keys(LAWS)) } },
  wire: {
    record: {
      direction: one('in', 'out'),
      type: one('change_cipher_spec', 'alert', 'handshake', 'application_data', 'unknown'),
      length: whole(0, 65_535),
      bytes: whole(5, 65_540),
    },
    cut_record: { direction: one('in', 'out'), bytes: count, missing: count },
    fin: { direction: one('in', 'out') },
    reset: { ...inbound, ...reset },
  },
};

const status = record({ code, signal: nothing }, { signal: signalNumber, code: nothing });

const HEADER: { readonly [Name in keyof Header]: Form } = {
  trace: one(TRACE_VERSION),
  connection: whole(1),
  program: text,
  runtime: text,
  accepted: matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'a time in UTC (ISO 8601)'),
  policy: one('s', 'S', 'N'),
  requireCloseNotify: flag,
  idleTimeout: whole(0, 2_147_483_647),
  highWaterMark: whole(1),
  clientCertificate: one('none', 'optional', 'mandatory'),
  prog: text,
  content: flag,
};

const CLOSING: { readonly [Name in keyof Closing]: Form } = {
  ...time,
  verdict: text,
  exitStatus: code,
  first: one('peer', 'prog', 'timeout', 'SIGTERM', 'SIGINT', 'SIGHUP'),
  peerEnded: one('close_notify', 'fin', ...FAULTS, null),
  progEnded: flag,
  weEnded: one('close_notify', 'fin', 'nothing'),
  bytesIn: whole(0),
  bytesOut: whole(0),
  milliseconds: whole(0),
  secured: flag,
  prog: orNull(status),
  cause: orNull(record({ fault: one(...FAULTS), detail: text, signal: nothing }, { signal, fault: nothing })),
};
