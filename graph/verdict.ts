import { match, P } from 'ts-pattern';
import { exitStatusOf, type Cause } from './closing-rules.ts';
import type { Fault, ProgStatus, Signal } from './vocabulary.ts';

/** How the peer ended its direction; `undefined` while it has not. */
export type PeerEnding = 'close_notify' | 'fin' | Fault;

/** Who ended first: one of the two sides, or we, because of `-K` or a signal. */
export type Starter = 'peer' | 'prog' | 'timeout' | Signal;

/** The whole story of one connection, told once, when prog and the connection have both ended. */
export interface Verdict {
  readonly first: Starter;
  readonly peerEnded: PeerEnding | undefined;
  /** prog's stdout reached EOF; `false` when we stopped passing it on before that. */
  readonly progEnded: boolean;
  /** Our own ending as the peer saw it; `nothing` when the connection broke before it. */
  readonly weEnded: 'close_notify' | 'fin' | 'nothing';
  /** Cleartext bytes handed to prog. */
  readonly bytesIn: number;
  /** Cleartext bytes handed to TLS for the peer. */
  readonly bytesOut: number;
  /** From the accepted connection to this verdict. */
  readonly milliseconds: number;
  /** `undefined` when prog was never run, or is still running. */
  readonly prog: ProgStatus | undefined;
  /** Why the exit status is not prog's own. */
  readonly cause: Cause | undefined;
  /** `false`: the handshake was never finished, so prog was never run. */
  readonly secured: boolean;
}

/** What there is to tell when nothing has happened yet. */
export const NOTHING_CARRIED = {
  peerEnded: undefined,
  progEnded: false,
  weEnded: 'nothing',
  bytesIn: 0,
  bytesOut: 0,
  prog: undefined,
} as const satisfies Partial<Verdict>;

/** The exit status that goes with a verdict (the manual page, EXIT STATUS). */
export const exitStatus = (verdict: Verdict): number => exitStatusOf(verdict.cause, verdict.prog);

/**
 * The verdict as one line for people:
 * `closed: peer first by close_notify, prog by eof; sent close_notify; in 6 out 12; 41 ms; prog exited 0`.
 */
export function tellVerdict(verdict: Verdict): string {
  const ends = verdict.secured ? tellEnds(verdict) : `handshake failed, ${tellCause(verdict.cause)}`;
  const { weEnded, bytesIn, bytesOut, milliseconds } = verdict;
  return `closed: ${ends}; sent ${weEnded}; in ${bytesIn} out ${bytesOut}; ${milliseconds} ms; ${tellProg(verdict)}`;
}

function tellEnds({ first, peerEnded, progEnded }: Verdict): string {
  const peer = (mark: string): string =>
    `peer${mark} ${peerEnded === undefined ? 'still open' : `by ${tellEnding(peerEnded)}`}`;
  const prog = (mark: string): string => `prog${mark} ${progEnded ? 'by eof' : 'still writing'}`;
  return match(first)
    .with('peer', () => `${peer(' first')}, ${prog('')}`)
    .with('prog', () => `${prog(' first')}, ${peer('')}`)
    .with('timeout', () => `timeout first, ${peer('')}, ${prog('')}`)
    .with(P.string, (signal) => `${signal} first, ${peer('')}, ${prog('')}`)
    .exhaustive();
}

function tellEnding(ending: PeerEnding): string {
  return match(ending)
    .with('close_notify', 'fin', (by) => by)
    .with({ kind: 'reset' }, () => 'reset')
    .with({ kind: 'alert' }, ({ detail }) => `alert ${detail}`)
    .with({ kind: 'cutRecord' }, () => 'fin inside a record')
    .with({ kind: 'badRecord' }, () => 'bad record')
    .with({ kind: 'truncation' }, () => 'fin')
    .with({ kind: 'handshake' }, ({ detail }) => detail)
    .exhaustive();
}

function tellCause(cause: Cause | undefined): string {
  return match(cause)
    .with({ fault: P.select() }, ({ detail }) => detail)
    .with({ signal: P.select() }, (signal) => signal)
    .with(undefined, () => 'no cause')
    .exhaustive();
}

function tellProg({ secured, prog }: Verdict): string {
  return match(prog)
    .with({ code: P.select() }, (code) => `prog exited ${code}`)
    .with({ signal: P.select() }, (signal) => `prog was killed by signal ${signal}`)
    .with(undefined, () => (secured ? 'prog still running' : 'prog not run'))
    .exhaustive();
}
