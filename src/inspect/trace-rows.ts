import type { TraceEvent } from '../trace/format.ts';
import type { PictureRow } from '../picture/picture.ts';

/** A row of a trace: its label is that of diagrams/, if it has one there. */
export interface TraceRow {
  readonly label: string;
  readonly group: PictureRow['group'];
  /** `always`: also when nothing happened in it. `seldom`: only when asked for. */
  readonly shown: 'always' | 'with marks' | 'seldom';
}

/** The rows by their streams, in the order in which they are drawn; a law has a row of its own, under its own name. */
export const TRACE_ROWS: Readonly<Record<string, TraceRow>> = {
  secured: { label: 'handshake', group: 'given', shown: 'with marks' },
  fromPeer: { label: 'from peer', group: 'given', shown: 'always' },
  fromProg: { label: 'from prog', group: 'given', shown: 'always' },
  progStdinGone: { label: 'prog stdin gone', group: 'given', shown: 'with marks' },
  progExit: { label: 'prog exit', group: 'given', shown: 'always' },
  signal: { label: 'signal', group: 'given', shown: 'with marks' },
  takenByPeer: { label: 'taken by peer', group: 'given', shown: 'seldom' },
  takenByProg: { label: 'taken by prog', group: 'given', shown: 'seldom' },
  hungUp: { label: 'hung up', group: 'given', shown: 'seldom' },
  startProg: { label: 'start prog', group: 'told', shown: 'seldom' },
  toPeer: { label: 'to peer', group: 'told', shown: 'always' },
  toProg: { label: 'to prog', group: 'told', shown: 'always' },
  demandPeer: { label: 'demand peer', group: 'told', shown: 'seldom' },
  demandProg: { label: 'demand prog', group: 'told', shown: 'seldom' },
  progSignal: { label: 'signal to prog', group: 'told', shown: 'with marks' },
  hangUp: { label: 'hang up', group: 'told', shown: 'always' },
  'wire in': { label: 'wire in', group: 'wire', shown: 'with marks' },
  'wire out': { label: 'wire out', group: 'wire', shown: 'with marks' },
};

/** The row in which an event is drawn. */
export function rowOf(event: TraceEvent): TraceRow {
  if (event.stream === 'law') return { label: event.law, group: 'law', shown: 'with marks' };
  const row = TRACE_ROWS[event.stream === 'wire' ? `wire ${event.direction}` : event.stream];
  if (row === undefined) throw new TypeError(`no row for ${event.stream}`);
  return row;
}
