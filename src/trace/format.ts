import type { Law } from '../../graph/laws.ts';
import type { FaultKind, Policy, Protocol, Signal } from '../../graph/vocabulary.ts';

/**
 * A trace: what one connection did, as lines of JSON. First a {@link Header}, then {@link TraceEvent}s in their order, last a
 * {@link Closing}. Traces of several connections may share a file; `connection` tells their lines apart.
 * The schema for other programs is docs/trace.schema.json; a test holds both to each other.
 */
export type TraceLine = Header | TraceEvent | Closing;

/** Raised when a reader of the older form would misread the newer one; new optional fields do not raise it. */
export const TRACE_VERSION = 1;

export interface Header {
  /** {@link TRACE_VERSION}. */
  readonly trace: typeof TRACE_VERSION;
  /** Number of the connection: of all lines of one trace. For s6-tlsd its process id, for s6-tlsserver counted from 1. */
  readonly connection: number;
  /** Name and version of the program. */
  readonly program: string;
  /** `node 20.20.2, openssl 3.0.19`. */
  readonly runtime: string;
  /** When the connection was taken over: ISO 8601, UTC. A UCSPI server is started after accept(2). */
  readonly accepted: string;
  readonly policy: Policy;
  readonly requireCloseNotify: boolean;
  /** Milliseconds; 0: none. */
  readonly idleTimeout: number;
  /** Bytes. */
  readonly highWaterMark: number;
  readonly clientCertificate: 'none' | 'optional' | 'mandatory';
  /** The name of prog, without its arguments: they may be secret. */
  readonly prog: string;
  /** The lines hold content: `--trace-content`. */
  readonly content: boolean;
}

/** One event. `time` is microseconds since the graph began to run, a few milliseconds after `accepted`. */
export type TraceEvent = {
  readonly connection: number;
  readonly time: number;
} & (GraphEvent | LawEvent | WireEvent);

/** Something that the world told the tunnel, or the tunnel the world: one value, end or fault of one stream of graph/world.ts. */
export type GraphEvent = SourceEvent | SinkEvent;

export type SourceEvent =
  | ({ readonly stream: 'secured' } & (HandshakeDone | Faulted))
  | ({ readonly stream: 'fromPeer'; readonly direction: 'in' } & (Data | CloseNotified | Finished | Faulted))
  | ({ readonly stream: 'fromProg'; readonly direction: 'out' } & (Data | Eof))
  | ({ readonly stream: 'takenByPeer'; readonly direction: 'out' } & (Taken | EndingTaken | Faulted))
  | ({ readonly stream: 'takenByProg'; readonly direction: 'in' } & Taken)
  | { readonly stream: 'progStdinGone'; readonly direction: 'in'; readonly kind: 'gone' }
  | ({ readonly stream: 'progExit' } & Exited)
  | ({ readonly stream: 'signal' } & Signalled)
  | { readonly stream: 'hungUp'; readonly kind: 'gone' };

export type SinkEvent =
  | { readonly stream: 'startProg'; readonly kind: 'start' }
  | ({ readonly stream: 'toPeer'; readonly direction: 'out' } & (Data | CloseNotified | Finished | Faulted))
  | ({ readonly stream: 'toProg'; readonly direction: 'in' } & (Data | Eof))
  | { readonly stream: 'demandPeer'; readonly direction: 'in'; readonly kind: 'demand_up' | 'demand_down' }
  | { readonly stream: 'demandProg'; readonly direction: 'out'; readonly kind: 'demand_up' | 'demand_down' }
  | ({ readonly stream: 'progSignal' } & Signalled)
  | { readonly stream: 'hangUp'; readonly kind: 'hang_up' };

/** A law of the tunnel decided something (graph/laws.ts); a `timer` when it is one that waits. */
export interface LawEvent {
  readonly stream: 'law';
  readonly kind: 'law' | 'timer';
  readonly law: Law;
}

/** What was seen on the wire: whole TLS records (RFC 8446 §5.1), and how TCP ended. */
export type WireEvent = { readonly stream: 'wire'; readonly direction: 'in' | 'out' } & (
  | {
      readonly kind: 'record';
      /** The type in clear. In TLS 1.3 all that is encrypted looks like `application_data`. */
      readonly type: RecordType;
      /** Bytes behind the header, as the header says. */
      readonly length: number;
      /** Bytes on the wire: those and the five of the header. */
      readonly bytes: number;
    }
  /** TCP ended after so many bytes of a record that was to be longer. */
  | { readonly kind: 'cut_record'; readonly bytes: number; readonly missing: number }
  | { readonly kind: 'fin' }
  | { readonly kind: 'reset'; readonly detail: string }
);

/** `unknown`: none of the four types, so no TLS. */
export type RecordType = 'change_cipher_spec' | 'alert' | 'handshake' | 'application_data' | 'unknown';

interface HandshakeDone {
  readonly kind: 'handshake';
  readonly protocol: Protocol;
  readonly cipher: string;
  readonly serverName?: string;
  readonly peerCertificateHash?: string;
  readonly peerCertificateSubject?: string;
}
interface Data {
  readonly kind: 'data';
  readonly bytes: number;
  /** Base64; only with `--trace-content`. */
  readonly content?: string;
}
interface CloseNotified {
  readonly kind: 'close_notify';
}
interface Finished {
  readonly kind: 'fin';
}
interface Eof {
  readonly kind: 'eof';
}
/** `reset` is a kind of its own; every other fault names itself. */
type Faulted =
  | { readonly kind: 'reset'; readonly detail: string }
  | { readonly kind: 'fault'; readonly fault: Exclude<FaultKind, 'reset'>; readonly detail: string };
interface Taken {
  readonly kind: 'taken';
  readonly bytes: number;
}
/** Our own ending is on the wire. */
interface EndingTaken {
  readonly kind: 'ending_taken';
}
type Exited = { readonly kind: 'exit' } & ({ readonly code: number } | { readonly signal: number });
interface Signalled {
  readonly kind: 'signal';
  readonly signal: Signal;
}

/** The last line: the verdict (graph/verdict.ts). */
export interface Closing {
  readonly connection: number;
  readonly time: number;
  /** The whole line for people, as at `-v2`. */
  readonly verdict: string;
  readonly exitStatus: number;
  readonly first: 'peer' | 'prog' | 'timeout' | Signal;
  /** `null`: the peer has not ended. */
  readonly peerEnded: 'close_notify' | 'fin' | FaultKind | null;
  readonly progEnded: boolean;
  readonly weEnded: 'close_notify' | 'fin' | 'nothing';
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly milliseconds: number;
  readonly secured: boolean;
  /** `null`: prog was not run, or is still running. */
  readonly prog: { readonly code: number } | { readonly signal: number } | null;
  /** Why the exit status is not prog's own; `null` when it is. */
  readonly cause: { readonly fault: FaultKind; readonly detail: string } | { readonly signal: Signal } | null;
}
