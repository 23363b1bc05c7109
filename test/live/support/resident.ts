import { spawn, type ChildProcess } from 'node:child_process';
import type { NetConnectOpts } from 'node:net';
import * as assert from 'uvu/assert';
import { Tlsd } from './tlsd.ts';
import { Watch } from './watch.ts';

export interface ResidentOrder {
  readonly options?: readonly string[];
  /** Host and port, or the path of a Unix socket; by default any free port of 127.0.0.1. */
  readonly where?: readonly string[];
  readonly prog: readonly string[];
  /** Replaces variables; `undefined` removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Words put before the program, such as those of `setpriv`; the last of them must become it, by exec. */
  readonly under?: readonly string[];
}

/** s6-tlsserver, as whoever has started it sees it. */
export class Resident extends Tlsd {
  readonly #watch: Watch;
  #stdout = '';
  #stdoutEnded = false;

  constructor(child: ChildProcess) {
    super(child);
    this.#watch = new Watch(() => JSON.stringify({ stdout: this.#stdout, stderr: this.stderr }));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#watch.changed();
    });
    child.stdout?.on('end', () => {
      this.#stdoutEnded = true;
      this.#watch.changed();
    });
  }

  /** What came on fd 1 so far. */
  get stdout(): string {
    return this.#stdout;
  }

  /** Waits until nothing can come on fd 1 any more; gives all that came. */
  async stdoutEnds(): Promise<string> {
    await this.#watch.until('the end of fd 1', () => this.#stdoutEnded);
    return this.#stdout;
  }

  /** What it listens on, as `-1` says; to be asked when it is ready. */
  get port(): number {
    return Number(this.#stdout);
  }

  /** Where clients connect to. */
  from(localAddress: string): NetConnectOpts {
    return { host: '127.0.0.1', port: this.port, localAddress };
  }

  /** Waits for the line that tells how a connection ended (from `-v2` on); gives what follows `closed: `. */
  async verdict(connection: number): Promise<string> {
    const line = new RegExp(`^s6-tlsserver: info: ${connection}: closed: (.*)$`, 'm');
    return (await this.says(line))[1] ?? '';
  }

  /** Ends it as a supervisor does, unless it has ended. */
  async stop(): Promise<void> {
    if (this.hasExited) return;
    this.signal('SIGTERM');
    assert.is(await this.exitAlone(), 0, this.stderr);
  }
}

/** Resolves when it is ready. */
export const startResident = async (order: ResidentOrder, env: NodeJS.ProcessEnv): Promise<Resident> => {
  const { under = [], options = [], where = ['127.0.0.1', '0'], prog } = order;
  const [file = '', ...args] = [...under, SERVER, '-1', ...options, ...where, ...prog];
  const resident = new Resident(spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] }));
  await resident.stdoutEnds();
  // It also ends when the program could not start.
  assert.match(resident.stdout, /\n$/, resident.stderr);
  return resident;
};

/** The program under test, as it is installed. */
export const SERVER =
  process.env['S6_TLSSERVER'] ?? new URL('../../../dist/s6-tlsserver.cjs', import.meta.url).pathname;
