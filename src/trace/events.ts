import { Buffer } from 'node:buffer';
import type { ObservedValueOf } from 'rxjs';
import { waits, type Law } from '../../graph/laws.ts';
import { CLOSE_NOTIFY, type Bytes, type Fault } from '../../graph/vocabulary.ts';
import type { Sinks, Sources } from '../../graph/world.ts';
import type { StreamName } from '../watch.ts';
import { encode, encodeBytes, type LineRest } from './encode.ts';

/** The streams that have events; the verdict has a line of its own. */
export type TracedStream = Exclude<StreamName, 'verdict'>;

/** What a trace says of one stream. An end or a fault that is not here says nothing of its own. */
interface Teller<Name extends TracedStream> {
  readonly next: (value: ObservedValueOf<(Sources & Sinks)[`${Name}$`]>) => LineRest;
  readonly complete?: LineRest;
  readonly error?: (fault: Fault) => LineRest;
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

  const dataOf = (row: Carrying): ((bytes: Bytes) => LineRest) => {
    if (content) return (bytes) => encode({ ...row, kind: 'data', bytes: bytes.byteLength, content: base64(bytes) });
    const encoded = encodeBytes((bytes) => ({ ...row, kind: 'data', bytes }));
    return ({ byteLength }) => encoded(byteLength);
  };
  const [peerData, dataToPeer] = [dataOf(fromPeer), dataOf(toPeer)];

  return {
    secured: {
      next: (handshake) => encode({ ...secured, kind: 'handshake', ...handshake }),
      error: (fault) => encode({ ...secured, ...faulted(fault) }),
    },
    fromPeer: {
      next: (value) => (value === CLOSE_NOTIFY ? encode({ ...fromPeer, kind: 'close_notify' }) : peerData(value)),
      complete: encode({ ...fromPeer, kind: 'fin' }),
      error: (fault) => encode({ ...fromPeer, ...faulted(fault) }),
    },
    fromProg: { next: dataOf(fromProg), complete: encode({ ...fromProg, kind: 'eof' }) },
    takenByPeer: {
      next: encodeBytes((bytes) => ({ ...takenByPeer, kind: 'taken', bytes })),
      complete: encode({ ...takenByPeer, kind: 'ending_taken' }),
      error: (fault) => encode({ ...takenByPeer, ...faulted(fault) }),
    },
    takenByProg: { next: encodeBytes((bytes) => ({ ...takenByProg, kind: 'taken', bytes })) },
    progStdinGone: { next: () => encode({ stream: 'progStdinGone', direction: 'in', kind: 'gone' }) },
    progExit: { next: (status) => encode({ stream: 'progExit', kind: 'exit', ...status }) },
    signal: { next: (signal) => encode({ stream: 'signal', kind: 'signal', signal }) },
    hungUp: { next: () => encode({ stream: 'hungUp', kind: 'gone' }) },
    startProg: { next: () => encode({ stream: 'startProg', kind: 'start' }) },
    toPeer: {
      next: (value) => (value === CLOSE_NOTIFY ? encode({ ...toPeer, kind: 'close_notify' }) : dataToPeer(value)),
      complete: encode({ ...toPeer, kind: 'fin' }),
      error: (fault) => encode({ ...toPeer, ...faulted(fault) }),
    },
    toProg: { next: dataOf(toProg), complete: encode({ ...toProg, kind: 'eof' }) },
    demandPeer: { next: demandOf({ stream: 'demandPeer', direction: 'in' }) },
    demandProg: { next: demandOf({ stream: 'demandProg', direction: 'out' }) },
    progSignal: { next: (signal) => encode({ stream: 'progSignal', kind: 'signal', signal }) },
    hangUp: { next: () => encode({ stream: 'hangUp', kind: 'hang_up' }) },
  };
};

/** The decision of a law: a `timer` when the law is one that waits. */
export const encodeLaw = (law: Law): LineRest => encode({ stream: 'law', kind: waits(law) ? 'timer' : 'law', law });

/** The streams that carry data, and which way. */
type Carrying =
  | { readonly stream: 'fromPeer' | 'toProg'; readonly direction: 'in' }
  | { readonly stream: 'fromProg' | 'toPeer'; readonly direction: 'out' };

const base64 = ({ buffer, byteOffset, byteLength }: Bytes): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

const faulted = ({ kind, detail }: Fault) =>
  kind === 'reset' ? ({ kind: 'reset', detail } as const) : ({ kind: 'fault', fault: kind, detail } as const);

/** Comes as often as data, and says one of two things. */
const demandOf = (row: Demanding): ((high: boolean) => LineRest) => {
  const [up, down] = [encode({ ...row, kind: 'demand_up' }), encode({ ...row, kind: 'demand_down' })];
  return (high) => (high ? up : down);
};

type Demanding =
  | { readonly stream: 'demandPeer'; readonly direction: 'in' }
  | { readonly stream: 'demandProg'; readonly direction: 'out' };
