import type { Law } from '../../../graph/laws.ts';
import type { Closing, Header } from '../../trace/format.ts';
import { handshakeOf, type Recording } from '../recording.ts';

/** What the explanation of a connection rests on, counted once. Bytes are cleartext. */
export interface Facts {
  readonly header: Header;
  readonly closing: Closing;
  /** What the handshake agreed on; `undefined` when it failed. */
  readonly handshake: ReturnType<typeof handshakeOf>;
  /** The laws that decided something. */
  readonly laws: ReadonlySet<Law>;
  readonly bytes: Readonly<
    Record<'fromPeer' | 'toProg' | 'takenByProg' | 'fromProg' | 'toPeer' | 'takenByPeer', number>
  >;
  /** Our own ending reached the kernel. */
  readonly endingTaken: boolean;
  /** How the peer's TCP broke: its detail (`ECONNRESET`); `undefined` when it did not. */
  readonly reset: string | undefined;
  /** The name of the fatal alert that the peer sent. */
  readonly alert: string | undefined;
}

export function factsOf(recording: Recording, closing: Closing): Facts {
  const { events, header } = recording;
  const bytes = { fromPeer: 0, toProg: 0, takenByProg: 0, fromProg: 0, toPeer: 0, takenByPeer: 0 };
  for (const event of events) {
    if (event.kind === 'data' || event.kind === 'taken') bytes[event.stream] += event.bytes;
  }
  const broke = events.filter(({ stream }) => stream === 'fromPeer' || stream === 'takenByPeer');
  return {
    header,
    closing,
    handshake: handshakeOf(recording),
    laws: new Set(events.flatMap((event) => (event.stream === 'law' ? [event.law] : []))),
    bytes,
    endingTaken: events.some(({ kind }) => kind === 'ending_taken'),
    reset: broke.find((event) => event.kind === 'reset')?.detail,
    alert: broke.filter((event) => event.kind === 'fault').find(({ fault }) => fault === 'alert')?.detail,
  };
}
