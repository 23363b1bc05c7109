import { writeSync } from 'node:fs';
import { match, P } from 'ts-pattern';
import type { Cause } from '../graph/closing-rules.ts';
import { tellVerdict, type Verdict } from '../graph/verdict.ts';
import { CLOSE_NOTIFY } from '../graph/vocabulary.ts';
import type { Sinks, Sources } from '../graph/world.ts';
import { Death, messageLine, type Level } from './messages.ts';
import { watched } from './watch.ts';

/** How much of it goes to fd 2: `-v`. */
export interface Report {
  /** From 1 on: why the program ends before its time. */
  fatal(death: Death): void;
  /** From 1 on: something that the user should mend, and that does not end the program. */
  warning(message: string): void;
  /** From 2 on. */
  info(message: string): void;
  /** From 1 on what broke, from 2 on the verdict. */
  verdict(verdict: Verdict): void;
  /** From 3 on a line for every event of the graph; the streams themselves below that. */
  watch<T extends Sources | Sinks>(streams: T): T;
}

/** Who speaks: a program, about the connection it is there for, or about one of many. */
export interface Speaker {
  readonly program: string;
  readonly connection?: number;
}

export function reportAt(verbosity: number, { program, connection }: Speaker): Report {
  const about = connection === undefined ? '' : `${connection}: `;
  const say = (least: number, level: Level, message: string): void => {
    if (verbosity >= least) write(messageLine(program, level, about + message));
  };
  return {
    fatal: (death) => say(1, 'fatal', death.message),
    warning: (message) => say(1, 'warning', message),
    info: (message) => say(2, 'info', message),
    verdict(verdict) {
      const death = deathOf(verdict.cause);
      // One of many can be lost, and the program lives.
      if (death !== undefined) say(1, connection === undefined ? 'fatal' : 'warning', death.message);
      say(2, 'info', tellVerdict(verdict));
    },
    watch: <T extends Sources | Sinks>(streams: T): T =>
      verbosity < 3
        ? streams
        : watched(streams, (stream) => ({
            next: (value) => say(3, 'info', `${stream}: ${tellValue(value)}`),
            complete: () => say(3, 'info', `${stream}: end`),
            error: (error: unknown) => say(3, 'info', `${stream}: ${String(error)}`),
          })),
  };
}

/** What broke, as the message of a program that could not do its work; nothing for a signal: whoever sent it knows. */
function deathOf(cause: Cause | undefined): Death | undefined {
  return match(cause)
    .with({ fault: { kind: 'handshake', detail: P.select() } }, (reason) => new Death('handshake', { reason }))
    .with(
      { fault: { kind: 'alert', detail: P.select() } },
      (alert) => new Death('tlsRun', { reason: `the peer sent alert ${alert}` }),
    )
    .with(
      { fault: { kind: 'reset', detail: P.select() } },
      (reason) => new Death('system', { what: 'talk to the peer', reason }),
    )
    .with({ fault: { detail: P.select() } }, (reason) => new Death('tlsRun', { reason }))
    .with({ signal: P._ }, undefined, () => undefined)
    .exhaustive();
}

/** Never content: only how much of it there was. */
const tellValue = (value: unknown): string =>
  match(value)
    .with(P.instanceOf(Uint8Array), ({ byteLength }) => `${byteLength} bytes`)
    .with(CLOSE_NOTIFY, () => 'close_notify')
    .with(undefined, () => 'now')
    .with(P.union(P.string, P.number, P.boolean), String)
    .otherwise((facts) => JSON.stringify(facts));

/** fd 2 may be full, or gone: the connection is more important than what is said about it. */
function write(line: string): void {
  try {
    writeSync(2, line);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}
