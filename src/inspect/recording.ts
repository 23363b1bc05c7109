import type { Closing, Header, TraceEvent } from '../trace/format.ts';

/** The trace of one connection. */
export interface Recording {
  readonly header: Header;
  /** In their order; time never runs backwards. */
  readonly events: readonly TraceEvent[];
  /** `undefined`: the trace stops before the connection has ended. */
  readonly closing: Closing | undefined;
}

/** What the handshake agreed on; `undefined` when it failed. */
export const handshakeOf = ({ events }: Recording) =>
  events.find((event) => event.stream === 'secured' && event.kind === 'handshake');

/** What the world said; everything else is our answer, or was only seen in passing. */
export const isSource = (event: TraceEvent): boolean => SOURCES.has(event.stream);

const SOURCES: ReadonlySet<TraceEvent['stream']> = new Set<TraceEvent['stream']>([
  'secured',
  'fromPeer',
  'fromProg',
  'takenByPeer',
  'takenByProg',
  'progStdinGone',
  'progExit',
  'signal',
  'hungUp',
]);
