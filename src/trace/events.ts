import { Buffer } from 'node:buffer';
import type { ObservedValueOf } from 'rxjs';
import type { Law } from '../../graph/laws.ts';
import { CLOSE_NOTIFY, type Bytes, type Fault } from '../../graph/vocabulary.ts';
import type { Sinks, Sources } from '../../graph/world.ts';
import type { StreamName } from '../watch.ts';
import { textOf, textOfBytes, type EventText } from './text.ts';

/** The streams that have events; the verdict has a line of its own. */
export type TracedStream = Exclude<StreamName, 'verdict'>;

/** What a trace says of one stream. An end or a fault that is not here says nothing of its own. */
interface Teller<Name extends TracedStream> {
  readonly next: (value: ObservedValueOf<(Sources & Sinks)[`${Name}$`]>) => EventText;
  readonly complete?: EventText;
  readonly error?: (fault: Fault) => EventText;
}

/** The events of each stream of the graph's edges. `content`: data is told with what it says, in base64. */
export const tellers = (content: boolean): { readonly [Name in TracedStream]: Teller<Name> } => {
  const secured = { stream: 'secured' } as const;
  const fromPeer = { stream: 'fromPeer', direction: 'in' } as const;
  const fromProg = { stream: 'fromProg', direction: 'out' } as const;
  const takenByPeer = { stream: 'takenByPeer', direction: 'out' } as const;
  const takenByProg = { stream: 'takenByProg', direction: 'in' } as const;
  const toPeer = { stream: 'toPeer', direction: 'out' } as const;
  const toProg = { stream: 'toProg', direction: 'in' } as const;

  const dataOf = (row: Carrying): ((bytes: Bytes) => EventText) => {
    if (content) return (bytes) => textOf({ ...row, kind: 'data', bytes: bytes.byteLength, content: base64(bytes) });
    const text = textOfBytes((bytes) => ({ ...row, kind: 'data', bytes }));
    return ({ byteLength }) => text(byteLength);
  };
  const [peerData, dataToPeer] = [dataOf(fromPeer), dataOf(toPeer)];

  return {
    secured: {
      next: (handshake) => textOf({ ...secured, kind: 'handshake', ...handshake }),
      error: (fault) => textOf({ ...secured, ...faulted(fault) }),
    },
    fromPeer: {
      next: (value) => (value === CLOSE_NOTIFY ? textOf({ ...fromPeer, kind: 'close_notify' }) : peerData(value)),
      complete: textOf({ ...fromPeer, kind: 'fin' }),
      error: (fault) => textOf({ ...fromPeer, ...faulted(fault) }),
    },
    fromProg: { next: dataOf(fromProg), complete: textOf({ ...fromProg, kind: 'eof' }) },
    takenByPeer: {
      next: textOfBytes((bytes) => ({ ...takenByPeer, kind: 'taken', bytes })),
      complete: textOf({ ...takenByPeer, kind: 'ending_taken' }),
      error: (fault) => textOf({ ...takenByPeer, ...faulted(fault) }),
    },
    takenByProg: { next: textOfBytes((bytes) => ({ ...takenByProg, kind: 'taken', bytes })) },
    progStdinGone: { next: () => textOf({ stream: 'progStdinGone', direction: 'in', kind: 'gone' }) },
    progExit: { next: (status) => textOf({ stream: 'progExit', kind: 'exit', ...status }) },
    signal: { next: (signal) => textOf({ stream: 'signal', kind: 'signal', signal }) },
    hungUp: { next: () => textOf({ stream: 'hungUp', kind: 'gone' }) },
    startProg: { next: () => textOf({ stream: 'startProg', kind: 'start' }) },
    toPeer: {
      next: (value) => (value === CLOSE_NOTIFY ? textOf({ ...toPeer, kind: 'close_notify' }) : dataToPeer(value)),
      complete: textOf({ ...toPeer, kind: 'fin' }),
      error: (fault) => textOf({ ...toPeer, ...faulted(fault) }),
    },
    toProg: { next: dataOf(toProg), complete: textOf({ ...toProg, kind: 'eof' }) },
    demandPeer: { next: (high) => textOf({ stream: 'demandPeer', direction: 'in', kind: demand(high) }) },
    demandProg: { next: (high) => textOf({ stream: 'demandProg', direction: 'out', kind: demand(high) }) },
    progSignal: { next: (signal) => textOf({ stream: 'progSignal', kind: 'signal', signal }) },
    hangUp: { next: () => textOf({ stream: 'hangUp', kind: 'hang_up' }) },
  };
};

/** The decision of a law: a `timer` when the law is one that waits. */
export const lawText = (law: Law): EventText =>
  textOf({ stream: 'law', kind: WAITING.has(law) ? 'timer' : 'law', law });

/** The streams that carry data, and which way. */
type Carrying =
  | { readonly stream: 'fromPeer' | 'toProg'; readonly direction: 'in' }
  | { readonly stream: 'fromProg' | 'toPeer'; readonly direction: 'out' };

const base64 = ({ buffer, byteOffset, byteLength }: Bytes): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

const faulted = ({ kind, detail }: Fault) =>
  kind === 'reset' ? ({ kind: 'reset', detail } as const) : ({ kind: 'fault', fault: kind, detail } as const);

const demand = (high: boolean) => (high ? 'demand_up' : 'demand_down');

const WAITING: ReadonlySet<Law> = new Set(['handshakeTimeout', 'idleTimeout', 'linger', 'signalGrace', 'unheard']);
