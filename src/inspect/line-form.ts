import { LAWS } from '../../graph/laws.ts';
import { FAULT_RULES } from '../../graph/closing-rules.ts';
import type { Closing, Header, TraceEvent, TraceLine } from '../trace/format.ts';
import { TRACE_VERSION } from '../trace/format.ts';

/** What is wrong with a line, for people; `undefined` when it is a line of a trace. */
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

/** A {@link TraceLine}, when nothing is wrong with it. */
export const isTraceLine = (line: unknown): line is TraceLine => lineFault(line) === undefined;

/** What a field must be; `optional` fields may be missing. */
interface Form {
  readonly is: (value: unknown) => boolean;
  readonly told: string;
  readonly optional?: true;
}
type Fields = Readonly<Record<string, Form>>;
/** Fields that depend on which of them are there. */
type Either = (line: object) => Fields;

function fieldFault(line: Readonly<Record<string, unknown>>, fields: Fields): string | undefined {
  for (const [name, { is, told, optional }] of Object.entries(fields)) {
    if (!Object.hasOwn(line, name)) {
      if (optional === undefined) return `${name} is missing`;
    } else if (!is(line[name])) return `${name} is not ${told}`;
  }
  const stranger = Object.keys(line).find((name) => !Object.hasOwn(fields, name));
  return stranger === undefined ? undefined : `unknown field: ${stranger}`;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const own = <T>(table: Readonly<Record<string, T>>, key: unknown): T | undefined =>
  typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;

const tell = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value));

const text: Form = { is: (value) => typeof value === 'string', told: 'a text' };
const flag: Form = { is: (value) => typeof value === 'boolean', told: 'true or false' };
const whole: Form = {
  is: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  told: 'a whole number from 0',
};
const positive: Form = {
  is: (value) => Number.isSafeInteger(value) && Number(value) > 0,
  told: 'a whole number from 1',
};
const one = (...words: readonly unknown[]): Form => ({
  is: (value) => words.includes(value),
  told: words.length === 1 ? tell(words[0]) : `one of ${words.map(tell).join(', ')}`,
});
const matches = (pattern: RegExp, told: string): Form => ({
  is: (value) => typeof value === 'string' && pattern.test(value),
  told,
});
const optional = (form: Form): Form => ({ ...form, optional: true });
const record = (...alternatives: readonly Fields[]): Form => ({
  is: (value) => isRecord(value) && alternatives.some((fields) => fieldFault(value, fields) === undefined),
  told: `an object with ${alternatives.map((fields) => Object.keys(fields).join(' and ')).join(', or with ')}`,
});
const orNull = (form: Form): Form => ({
  is: (value) => value === null || form.is(value),
  told: `null or ${form.told}`,
});

const FAULTS = Object.keys(FAULT_RULES);
const signal = one('SIGTERM', 'SIGINT', 'SIGHUP');
const time = { connection: positive, time: whole };

/** Fields of every event. */
const EVENT: Fields = { ...time, stream: text, kind: text };
const inbound = { direction: one('in') };
const outbound = { direction: one('out') };
const data = {
  bytes: positive,
  content: optional(matches(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'base64')),
};
const fault = { fault: one(...FAULTS.filter((kind) => kind !== 'reset')), detail: text };
const reset = { detail: text };
const taken = { bytes: whole };

type StreamName = TraceEvent['stream'];
type KindOf<Stream extends StreamName> = Extract<TraceEvent, { readonly stream: Stream }>['kind'];

const EVENTS: { readonly [Stream in StreamName]: Readonly<Record<KindOf<Stream>, Fields | Either>> } = {
  secured: {
    handshake: {
      protocol: one('TLSv1.2', 'TLSv1.3'),
      cipher: text,
      serverName: optional(text),
      peerCertificateHash: optional(text),
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
  progExit: { exit: (line) => ('signal' in line ? { signal: whole } : { code: whole }) },
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
      length: whole,
      bytes: whole,
    },
    cut_record: { direction: one('in', 'out'), bytes: whole, missing: whole },
    fin: { direction: one('in', 'out') },
    reset: { direction: one('in', 'out'), detail: text },
  },
};

const status = record({ code: whole }, { signal: whole });

const HEADER: { readonly [Name in keyof Header]: Form } = {
  trace: one(TRACE_VERSION),
  connection: positive,
  program: text,
  runtime: text,
  accepted: matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, 'a time in UTC (ISO 8601)'),
  policy: one('s', 'S', 'N'),
  requireCloseNotify: flag,
  idleTimeout: whole,
  highWaterMark: positive,
  clientCertificate: one('none', 'optional', 'mandatory'),
  prog: text,
  content: flag,
};

const CLOSING: { readonly [Name in keyof Closing]: Form } = {
  ...time,
  verdict: text,
  exitStatus: whole,
  first: one('peer', 'prog', 'timeout', 'SIGTERM', 'SIGINT', 'SIGHUP'),
  peerEnded: one('close_notify', 'fin', ...FAULTS, null),
  progEnded: flag,
  weEnded: one('close_notify', 'fin', 'nothing'),
  bytesIn: whole,
  bytesOut: whole,
  milliseconds: whole,
  secured: flag,
  prog: orNull(status),
  cause: orNull(record({ fault: one(...FAULTS), detail: text }, { signal })),
};
