import { Buffer } from 'node:buffer';
import type { ObservedValueOf } from 'rxjs';
import type { Law } from '../../graph/laws.ts';
import { CLOSE_NOTIFY, type Bytes, type Fault } from '../../graph/vocabulary.ts';
import type { Sinks, Sources } from '../../graph/world.ts';
import type { StreamName } from '../watch.ts';
import type { GraphEvent, LawEvent } from './format.ts';

/** The streams that have events; the verdict has a line of its own. */
export type TracedStream = Exclude<StreamName, 'verdict'>;

/** What a trace says of one stream. An end or a fault that is not here says nothing of its own. */
export interface Teller<Name extends TracedStream> {
  readonly next: (value: ObservedValueOf<(Sources & Sinks)[`${Name}$`]>) => EventOf<Name>;
  readonly complete?: EventOf<Name>;
  readonly error?: (fault: Fault) => EventOf<Name>;
}

type EventOf<Name extends TracedStream> = Extract<GraphEvent, { readonly stream: Name }>;

/** The events of each stream of the graph's edges. `content`: data is told with what it says, in base64. */
export const tellers = (content: boolean): { readonly [Name in TracedStream]: Teller<Name> } => {
  const data = (bytes: Bytes) => ({
    kind: 'data' as const,
    bytes: bytes.byteLength,
    ...(content && { content: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64') }),
  });
  return {
    secured: {
      next: (handshake) => ({ stream: 'secured', kind: 'handshake', ...handshake }),
      error: (fault) => ({ stream: 'secured', ...faulted(fault) }),
    },
    fromPeer: {
      next: (value) => ({
        stream: 'fromPeer',
        direction: 'in',
        ...(value === CLOSE_NOTIFY ? closeNotified : data(value)),
      }),
      complete: { stream: 'fromPeer', direction: 'in', kind: 'fin' },
      error: (fault) => ({ stream: 'fromPeer', direction: 'in', ...faulted(fault) }),
    },
    fromProg: {
      next: (bytes) => ({ stream: 'fromProg', direction: 'out', ...data(bytes) }),
      complete: { stream: 'fromProg', direction: 'out', kind: 'eof' },
    },
    takenByPeer: {
      next: (bytes) => ({ stream: 'takenByPeer', direction: 'out', kind: 'taken', bytes }),
      complete: { stream: 'takenByPeer', direction: 'out', kind: 'ending_taken' },
      error: (fault) => ({ stream: 'takenByPeer', direction: 'out', ...faulted(fault) }),
    },
    takenByProg: { next: (bytes) => ({ stream: 'takenByProg', direction: 'in', kind: 'taken', bytes }) },
    progStdinGone: { next: () => ({ stream: 'progStdinGone', direction: 'in', kind: 'gone' }) },
    progExit: { next: (status) => ({ stream: 'progExit', kind: 'exit', ...status }) },
    signal: { next: (signal) => ({ stream: 'signal', kind: 'signal', signal }) },
    hungUp: { next: () => ({ stream: 'hungUp', kind: 'gone' }) },
    startProg: { next: () => ({ stream: 'startProg', kind: 'start' }) },
    toPeer: {
      next: (value) => ({
        stream: 'toPeer',
        direction: 'out',
        ...(value === CLOSE_NOTIFY ? closeNotified : data(value)),
      }),
      complete: { stream: 'toPeer', direction: 'out', kind: 'fin' },
      error: (fault) => ({ stream: 'toPeer', direction: 'out', ...faulted(fault) }),
    },
    toProg: {
      next: (bytes) => ({ stream: 'toProg', direction: 'in', ...data(bytes) }),
      complete: { stream: 'toProg', direction: 'in', kind: 'eof' },
    },
    demandPeer: { next: (high) => ({ stream: 'demandPeer', direction: 'in', kind: demand(high) }) },
    demandProg: { next: (high) => ({ stream: 'demandProg', direction: 'out', kind: demand(high) }) },
    progSignal: { next: (signal) => ({ stream: 'progSignal', kind: 'signal', signal }) },
    hangUp: { next: () => ({ stream: 'hangUp', kind: 'hang_up' }) },
  };
};

/** The decision of a law: a `timer` when the law is one that waits. */
export const lawEvent = (law: Law): LawEvent => ({ stream: 'law', kind: WAITING.has(law) ? 'timer' : 'law', law });

const closeNotified = { kind: 'close_notify' } as const;

const faulted = ({ kind, detail }: Fault) =>
  kind === 'reset' ? ({ kind: 'reset', detail } as const) : ({ kind: 'fault', fault: kind, detail } as const);

const demand = (high: boolean) => (high ? 'demand_up' : 'demand_down');

const WAITING: ReadonlySet<Law> = new Set(['handshakeTimeout', 'idleTimeout', 'linger', 'signalGrace', 'unheard']);
