import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readdirSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Signal } from '../../../graph/vocabulary.ts';
import type { TraceLine } from '../../../src/trace/format.ts';
import { childrenOf } from '../../live/support/family.ts';
import { Live } from '../../live/support/live.ts';
import { Tlsd } from '../../live/support/tlsd.ts';
import { poll } from '../../live/support/watch.ts';
import type { Switchboard } from '../switchboard.ts';
import type { Schedule } from '../words.ts';
import { optionsOf, progOf } from './command.ts';
import type { Ended } from './host.ts';

/** Where what a server says of a connection begins. */
export interface Begun {
  readonly said: number;
  readonly traced: number;
}

/** One running s6-tlsserver, and what it held when it had nothing to do. */
export class Resident {
  /** What its progs say that they serve: there is one connection at a time. */
  readonly key: string;
  readonly address: { readonly path: string } | { readonly port: number; readonly host: string };
  readonly #process: Tlsd;
  readonly #folder: string;
  readonly #trace: string | undefined;
  #idle: readonly string[] | undefined;
  #busy = false;

  private constructor(process: Tlsd, { key, folder, bound, trace }: Place) {
    this.#process = process;
    this.key = key;
    this.#folder = folder;
    this.#trace = trace;
    this.address = bound.startsWith('/') ? { path: bound } : { port: Number(bound), host: '127.0.0.1' };
  }

  static async start(schedule: Schedule, switchboard: Switchboard): Promise<Resident> {
    const folder = mkdtempSync(join(tmpdir(), 'marble-tls-soak-'));
    const trace = schedule.traced ? join(folder, 'trace') : undefined;
    const key = randomUUID();
    const where = schedule.wiring === 'unix' ? [join(folder, 'socket')] : ['127.0.0.1', '0'];
    const child = spawn(TLSSERVER, [...optionsOf(schedule, trace), ...where, ...progOf(schedule, switchboard)], {
      env: new Live(schedule.protocol).environment({ SOAK_CONNECTION: key }),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const process = new Tlsd(child);
    const [, bound = ''] = await process.says(/listening on (.*)/);
    return new Resident(process, { key, folder, bound, trace });
  }

  /** It lives, and has brought its last connection to an end. */
  get isWell(): boolean {
    return !this.#busy && !this.#process.hasExited;
  }

  /** To be called before it is connected to. */
  begin(): Begun {
    this.#busy = true;
    return { said: this.#process.stderr.length, traced: sizeOf(this.#trace) };
  }

  /** The number of the connection that has begun. */
  async accepted({ said }: Begun): Promise<string> {
    const heard = (): RegExpExecArray | null => BEGINS.exec(this.#process.stderr.slice(said));
    await poll('the connection to be accepted', () => heard() !== null);
    return heard()?.[1] ?? '';
  }

  signal(signal: Signal | 'SIGSTOP' | 'SIGCONT'): void {
    this.#process.signal(signal);
  }

  /** Waits for the verdict of a connection, and until nothing of it is left. `trace`: where to put its part of the trace. */
  async ended(begun: Begun, { number, trace }: { number: string; trace: string | undefined }): Promise<Ended> {
    const told = new RegExp(`^s6-tlsserver: info: ${number}: (closed: .*)$`, 'gm');
    const said = (): string => this.#process.stderr.slice(begun.said);
    await poll('a verdict', () => said().search(told) >= 0 || this.#process.hasExited);
    const left = this.#process.hasExited ? ['the server is gone'] : await this.#left();
    const verdicts = [...said().matchAll(told)].map(([, verdict = '']) => verdict);
    this.#busy = left.length > 0;
    return { exit: this.#traced(begun, number, trace), verdicts, left };
  }

  async stop(): Promise<void> {
    this.#process.signal('SIGCONT');
    this.#process.signal('SIGKILL');
    await this.#process.exitAlone();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Waits until it holds no more than when it was idle after its first connection. */
  async #left(): Promise<readonly string[]> {
    const { pid } = this.#process;
    const childless = (): boolean => children(pid) === '';
    try {
      await poll('no child', childless, LEAVING);
      this.#idle ??= descriptors(pid);
      await poll(
        'no more descriptors than before',
        () => descriptors(pid).length <= (this.#idle?.length ?? 0),
        LEAVING,
      );
      return [];
    } catch (error) {
      const more = descriptors(pid).filter((descriptor) => this.#idle?.includes(descriptor) === false);
      return [(error as Error).message, `children ${children(pid)}`, ...more];
    }
  }

  /** The exit status in the trace, if there is one. */
  #traced({ traced }: Begun, number: string, copy: string | undefined): number | undefined {
    if (this.#trace === undefined) return undefined;
    const lines = textFrom(this.#trace, traced)
      .split('\n')
      .filter((line) => line.includes(`"connection":${number},`));
    if (copy !== undefined) writeFileSync(copy, `${lines.join('\n')}\n`);
    const closings = lines.map((line) => JSON.parse(line) as TraceLine).filter((line) => 'verdict' in line);
    return closings.length === 1 ? closings[0]?.exitStatus : NaN;
  }
}

interface Place {
  readonly key: string;
  readonly folder: string;
  readonly bound: string;
  readonly trace: string | undefined;
}

/** The numbers of the descriptors of a process. */
const descriptors = (pid: number): readonly string[] => readdirSync(`/proc/${String(pid)}/fd`);

const children = (pid: number): string => childrenOf(pid).join(' ');

const sizeOf = (file: string | undefined): number => (file === undefined ? 0 : statSync(file).size);

const textFrom = (file: string, from: number): string => {
  const fd = openSync(file, 'r');
  const bytes = Buffer.alloc(sizeOf(file) - from);
  readSync(fd, bytes, 0, bytes.length, from);
  closeSync(fd);
  return bytes.toString();
};

/** The program under test, as it is installed. */
const TLSSERVER = process.env['S6_TLSSERVER'] ?? new URL('../../../dist/s6-tlsserver.cjs', import.meta.url).pathname;

const BEGINS = /^s6-tlsserver: info: (\d+): from /m;
/** Milliseconds. */
const LEAVING = 5000;
