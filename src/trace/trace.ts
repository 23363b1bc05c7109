import process from 'node:process';
import type { TapObserver } from 'rxjs';
import type { Witness } from '../../graph/laws.ts';
import { exitStatus, tellVerdict, type Verdict } from '../../graph/verdict.ts';
import { isFault, type Fault } from '../../graph/vocabulary.ts';
import type { Sinks, Sources } from '../../graph/world.ts';
import type { Network } from '../network/network.ts';
import { watched } from '../watch.ts';
import { openAppendFile, type AppendFile } from './append-file.ts';
import { lawEvent, tellers } from './events.ts';
import { TRACE_VERSION, type Closing, type GraphEvent, type Header, type LawEvent, type WireEvent } from './format.ts';
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

/**
 * Opens the file of a trace; `undefined` when that cannot be done, which has been told then. The function that comes back begins
 * the trace: the moment of that call is its time 0.
 *
 * @param pattern see {@link openAppendFile}.
 */
export function openTrace(pattern: string, warn: (message: string) => void): ((facts: Facts) => Trace) | undefined {
  const file = openAppendFile(pattern, 'trace to', warn);
  return file && ((facts) => beginTrace(file, facts));
}

/** Lines are collected, and written once a turn of the event loop. */
function beginTrace(file: AppendFile, facts: Facts): Trace {
  const zero = performance.now();
  const connection = process.pid;
  const time = (): number => Math.round((performance.now() - zero) * 1000);

  let lines = '';
  const flush = (): void => {
    if (lines !== '') file.append(lines);
    lines = '';
  };
  // A fault in the program itself must not cost the lines that lead up to it.
  process.once('exit', flush);
  const add = (line: object): void => {
    if (lines === '') setImmediate(flush);
    lines += `${JSON.stringify(line)}\n`;
  };
  const tell = (event: GraphEvent | LawEvent | WireEvent): void => {
    if (file.takesMore) add({ connection, time: time(), ...event });
  };

  const byStream = tellers(facts.content);
  add({
    trace: TRACE_VERSION,
    connection,
    accepted: new Date().toISOString(),
    runtime: `node ${process.versions.node}, openssl ${process.versions.openssl}`,
    ...facts,
  } satisfies Header);

  return {
    network: (network) => watchedNetwork(network, tell),
    streams: (streams) =>
      watched(streams, (stream): Partial<TapObserver<unknown>> | undefined => {
        if (stream === 'verdict') return undefined;
        const { next, complete, error } = byStream[stream] as unknown as AnyTeller;
        return {
          next: (value) => tell(next(value)),
          ...(complete && { complete: () => tell(complete) }),
          ...(error && { error: (fault: unknown) => isFault(fault) && tell(error(fault)) }),
        };
      }),
    witness: (law) => tell(lawEvent(law)),
    end(verdict) {
      add(closing(connection, time(), verdict));
      flush();
    },
  };
}

/** A row of the table, when it is no longer known which. */
interface AnyTeller {
  readonly next: (value: unknown) => GraphEvent;
  readonly complete?: GraphEvent;
  readonly error?: (fault: Fault) => GraphEvent;
}

const closing = (connection: number, time: number, verdict: Verdict): Closing => {
  const { first, peerEnded, progEnded, weEnded, bytesIn, bytesOut, milliseconds, secured, prog, cause } = verdict;
  return {
    connection,
    time,
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
