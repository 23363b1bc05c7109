import { spawn, type StdioOptions } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { test } from 'uvu';
import type { Command, Look } from './child.ts';
import type { Wires } from './wiring.ts';

/** A child that has opened the network, and what it has told. */
class Opened {
  /** Events in order; the bytes that came between them as one number. */
  readonly log: (string | number)[] = [];
  /** What the peer got, and `FIN`. */
  received = 0;
  fin = false;
  readonly wires: Wires;
  readonly #child;
  readonly #looks: Look[] = [];
  #wake: () => void = () => undefined;

  constructor(wires: Wires) {
    this.wires = wires;
    this.#child = start([wires.stdin, wires.stdout, 'inherit', 'ipc']);
    wires.letGo();
    this.#child.on('message', (message: { event?: string; bytes?: number; look?: Look }) => {
      const last = this.log.at(-1);
      if (message.event !== undefined) this.log.push(message.event);
      if (message.bytes !== undefined) {
        if (typeof last === 'number') this.log[this.log.length - 1] = last + message.bytes;
        else this.log.push(message.bytes);
      }
      if (message.look !== undefined) this.#looks.push(message.look);
      this.#wake();
    });
    wires.fromChild.on('data', (chunk) => {
      this.received += chunk.length;
      this.#wake();
    });
    wires.fromChild.on('end', () => {
      this.fin = true;
      this.#wake();
    });
    wires.fromChild.pause();
    for (const socket of [wires.toChild, wires.fromChild]) socket.on('error', () => undefined);
  }

  tell(command: Command): void {
    this.#child.send(command);
  }

  do(what: 'read' | 'stop reading' | 'end' | 'end announced' | 'close'): void {
    this.tell({ do: what });
  }

  write(...chunks: readonly number[]): void {
    this.tell({ do: 'write', chunks });
  }

  /** Waits for an event of the child, or for all that is described. */
  async until(what: string, condition: () => boolean = () => this.log.includes(what)): Promise<void> {
    const deadline = AbortSignal.timeout(DEADLINE);
    deadline.addEventListener('abort', () => this.#wake());
    while (!condition()) {
      if (deadline.aborted) throw new Error(`waited in vain for ${what}; so far: ${this.log.join(', ')}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** What the child knows of itself; it has done by then all that it was told before. */
  async look(): Promise<Look> {
    const before = this.#looks.length;
    this.tell({ do: 'look' });
    await this.until('a look', () => this.#looks.length > before);
    return this.#looks[before] as Look;
  }

  /** Everything that happens meanwhile the child meets at once. */
  async whileStopped(then: () => Promise<void> | void): Promise<void> {
    this.#child.kill('SIGSTOP');
    // A stop has no event; its state does.
    const stat = `/proc/${this.#child.pid ?? 0}/stat`;
    for (let end = Date.now() + DEADLINE; !/\) T /.test(readFileSync(stat, 'utf8'));) {
      if (Date.now() > end) throw new Error('it does not stop');
      await new Promise((resolve) => setImmediate(resolve));
    }
    try {
      await then();
    } finally {
      this.#child.kill('SIGCONT');
    }
  }

  end(): void {
    this.#child.kill('SIGKILL');
    this.wires.toChild.destroy();
    this.wires.fromChild.destroy();
  }
}

/** A test with a child on these wires; nothing of it is left afterwards. */
export const onWires = (title: string, wire: () => Promise<Wires>, body: (opened: Opened) => Promise<void>): void => {
  test(title, async () => {
    const opened = new Opened(await wire());
    try {
      await opened.until('open');
      opened.log.length = 0;
      await body(opened);
    } finally {
      opened.end();
    }
  });
};

/** What the child says first, with anything on fd 0 and fd 1. */
export const firstWords = async (stdio: StdioOptions): Promise<string> => {
  const child = start(stdio);
  try {
    return await new Promise((resolve, reject) => {
      child.once('message', ({ event }: { event: string }) => resolve(event));
      child.once('exit', () => reject(new Error('it said nothing')));
    });
  } finally {
    child.kill('SIGKILL');
  }
};

const start = (stdio: StdioOptions) => spawn(process.execPath, [CHILD], { stdio });

/** In one piece, so that it starts at once. */
const CHILD = join(mkdtempSync(join(tmpdir(), 'marble-tls-network-')), 'child.cjs');
process.once('exit', () => rmSync(dirname(CHILD), { recursive: true }));
buildSync({
  entryPoints: [new URL('child.ts', import.meta.url).pathname],
  outfile: CHILD,
  bundle: true,
  platform: 'node',
  format: 'cjs',
});

const DEADLINE = 15_000;
