import { Buffer } from 'node:buffer';
import process from 'node:process';
import type { Observer } from 'rxjs';
import type { Witness } from '../../graph/laws.ts';
import { exitStatus, tellVerdict, type Verdict } from '../../graph/verdict.ts';
import { isFault, type Fault } from '../../graph/vocabulary.ts';
import type { Sinks, Sources } from '../../graph/world.ts';
import type { Network } from '../network/network.ts';
import { watched } from '../watch.ts';
import { encodeLaw, tellers } from './events.ts';
import { TRACE_VERSION, type Closing, type Header } from './format.ts';
import { encode, type LineRest } from './encode.ts';
import { watchedNetwork } from './wire.ts';

/** What a trace is made of: everything that happens on one connection is shown to it. */
export interface Trace {
  readonly network: (network: Network) => Network;
  readonly streams: <T extends Sources | Sinks>(streams: T) => T;
  readonly witness: Witness;
  /** Writes the last line, and everything before it that is not written yet. */
  end(verdict: Verdict): void;
}

/** What the first line says, besides what the trace knows itself. */
export type Facts = Omit<Header, 'trace' | 'connection' | 'runtime' | 'accepted'>;

/** Where lines go. */
export interface Lines {
  /** `false`: nobody need make them any more. */
  readonly wanted: boolean;
  /** Adds `before`, the number, and `after`, which ends the line. */
  add(before: Uint8Array, number: number, after: Uint8Array): void;
  /** Nothing comes after this. */
  flush(): void;
}

/** Which connection, and how its time is told. */
export interface Moment {
  readonly connection: number;
  readonly accepted: Date;
  /** Microseconds, whole ones, since the connection began, from when the verdict counts its milliseconds, too. */
  readonly clock: () => number;
}

/** Begins a trace: its first line is written, and whatever is shown to it will be. */
export function beginTrace(lines: Lines, { connection, accepted, clock }: Moment, facts: Facts): Trace {
  const before = Buffer.from(`{"connection":${connection},"time":`);
  const tell = (event: LineRest): void => {
    if (lines.wanted) lines.add(before, clock(), event);
  };

  const byStream = tellers(facts.content);
  lines.add(Buffer.from('{"trace":'), TRACE_VERSION, encodeHeader(connection, accepted, facts));

  return {
    network: (network) => watchedNetwork(network, tell),
    streams(streams) {
      clock();
      return watched(streams, (stream): Partial<Observer<unknown>> | undefined => {
        if (stream === 'verdict') return undefined;
        const { next, complete, error } = byStream[stream] as unknown as AnyTeller;
        return {
          next: (value) => lines.wanted && tell(next(value)),
          ...(complete && { complete: () => tell(complete) }),
          ...(error && { error: (fault: unknown) => isFault(fault) && tell(error(fault)) }),
        };
      });
    },
    witness: (law) => tell(encodeLaw(law)),
    end(verdict) {
      tell(encode(closing(verdict)));
      lines.flush();
    },
  };
}

/** A row of the table, when it is no longer known which. */
interface AnyTeller {
  readonly next: (value: unknown) => LineRest;
  readonly complete?: LineRest;
  readonly error?: (fault: Fault) => LineRest;
}

/** All of the first line behind its version. */
const encodeHeader = (connection: number, accepted: Date, facts: Facts): Uint8Array => {
  const header: Omit<Header, 'trace'> = {
    connection,
    accepted: accepted.toISOString(),
    runtime: `node ${process.versions.node}, openssl ${process.versions.openssl}`,
    ...facts,
  };
  return Buffer.from(`,${JSON.stringify(header).slice(1)}\n`);
};

const closing = (verdict: Verdict): Omit<Closing, 'connection' | 'time'> => {
  const { first, peerEnded, progEnded, weEnded, bytesIn, bytesOut, milliseconds, secured, prog, cause } = verdict;
  return {
    verdict: tellVerdict(verdict),
    exitStatus: exitStatus(verdict),
    first,
    peerEnded: isFault(peerEnded) ? peerEnded.kind : (peerEnded ?? null),
    progEnded,
    weEnded,
    bytesIn,
    bytesOut,
    milliseconds,
    secured,
    prog: prog ?? null,
    cause: cause === undefined ? null : 'fault' in cause ? named(cause.fault) : cause,
  };
};

const named = ({ kind, detail }: Fault) => ({ fault: kind, detail });
