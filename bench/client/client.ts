import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Bed } from '../bed.ts';
import type { Direction, Lost } from '../results.ts';
import type { Server } from '../server.ts';
import type { Suite } from '../suites.ts';

interface Ordered {
  /** Seconds for one connection; then it counts as lost. */
  readonly patience: number;
}

interface Series extends Ordered {
  readonly count: number;
  /** So many before that are not counted. */
  readonly warm_up: number;
}

interface Exchange extends Series {
  readonly request: string;
  readonly answer: string;
}

interface Carrying extends Ordered {
  readonly direction: Direction;
  readonly bytes: number;
  readonly greeting: string;
  readonly request: string;
  readonly farewell: string;
  /** Seconds that the client does not read after it has asked. */
  readonly stall: number;
}

interface Stalling extends Ordered {
  /** Handshakes of which half is said, and handshakes that go on by a byte a second. */
  readonly silent: number;
  readonly trickling: number;
}

/** What client.py can be told to do, and what it answers. */
interface Work {
  connections: {
    order: Exchange & { readonly at_a_time: number };
    answer: { milliseconds: number[]; lost: string[]; seconds: number; client_cpu: number };
  };
  echo: { order: Exchange; answer: { microseconds: number[]; lost: string[] } };
  carry: { order: Carrying; answer: { seconds: number; client_cpu: number; lost?: never } | { lost: string } };
  hold: { order: Exchange; answer: { open: number; seconds: number; lost: string[] } };
  /** Patience is for all of it. Answers how many seconds each was connected that was cut. */
  stall: { order: Stalling; answer: { silent: number[]; trickling: number[] } };
  startup: { order: Series & { readonly argv: readonly string[] }; answer: { milliseconds: number[]; lost: string[] } };
  execute: Work['startup'];
}

/** A client on the way to a server. */
export interface Way {
  readonly server: Server;
  readonly suite: Suite;
}

/**
 * Called when a client that carries bytes is `ready`, and when all of them are `carried`; when all connections that it is to
 * hold open are `held`; when all handshakes are `stalled`. It is told to go on afterwards.
 */
export type Milestone = (state: State) => unknown;

type State = 'ready' | 'carried' | 'held' | 'stalled';

/**
 * Runs client.py for one batch of work. Its start is not in what it measures.
 *
 * @throws when it dies or says nothing; a connection that fails is an answer, not an error.
 */
export async function client<Mode extends keyof Work>(
  mode: Mode,
  order: Work[Mode]['order'],
  bed: Bed,
  way?: Way,
  milestone: Milestone = () => undefined,
): Promise<Work[Mode]['answer']> {
  const { environment, python, certificate, configurationOf } = bed;
  const target = way && {
    port: way.server.port,
    protocol: way.server.contender.tls ? way.suite.protocol : null,
    suite: way.suite.name,
    certificate,
  };
  const child = spawn(python, ['-B', PROGRAM, JSON.stringify({ mode, ...order, ...target })], {
    env: way ? { ...environment, OPENSSL_CONF: configurationOf(way.suite) } : environment,
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: longest(order) * 1000,
    killSignal: 'SIGKILL',
  });
  const exited = once(child, 'close');
  let answer: Work[Mode]['answer'] | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line) as { state: State } | Work[Mode]['answer'];
    if ('state' in told) {
      await milestone(told.state);
      child.stdin.write('go on\n');
    } else answer = told;
  }
  const [code, signal] = (await exited) as [number | null, string | null];
  if (code !== 0 || answer === undefined) throw new Error(`client.py ended with ${String(code ?? signal)}`);
  return answer;
}

/** Reasons, each with how often it was told. */
export function tally(reasons: readonly string[]): Lost {
  const counted: Record<string, number> = {};
  for (const reason of reasons) counted[reason] = (counted[reason] ?? 0) + 1;
  return counted;
}

/** Seconds in which a client must be done, even when every connection takes all of its patience. */
const longest = (order: Ordered & Partial<Series>): number =>
  START + order.patience * ((order.count ?? 0) + (order.warm_up ?? 0) + 1);

const PROGRAM = fileURLToPath(new URL('client.py', import.meta.url));
const START = 10;
