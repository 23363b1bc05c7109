import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Watch, within } from '../../../live/support/watch.ts';
import { undoLater } from './undo.ts';

/** A process that tells what happens to it in lines of JSON on its stdout. */
class Telling {
  readonly #process: ChildProcess;
  readonly #told: Readonly<Record<string, unknown>>[] = [];
  readonly #watch = new Watch(() => JSON.stringify([this.#told, this.#stderr]));
  #rest = '';
  #stderr = '';

  constructor([program = '', ...args]: readonly string[], options: SpawnOptions = {}) {
    this.#process = spawn(program, args, { ...options, stdio: 'pipe' });
    undoLater(() => this.kill());
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (this.#rest + text).split('\n');
      this.#rest = lines.pop() ?? '';
      this.#told.push(...lines.map((line) => JSON.parse(line) as Record<string, unknown>));
      this.#watch.changed();
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#watch.changed();
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Waits until it has told so many things with this name, and gives all of them. */
  async tells(name: string, count = 1): Promise<unknown[]> {
    const all = () => this.#told.filter((each) => name in each);
    await this.#watch.until(`${count} times ${name}`, () => all().length >= count);
    return all().map((each) => each[name]);
  }

  /** Waits for a text on its stderr. */
  async says(what: RegExp): Promise<void> {
    await this.#watch.until(String(what), () => what.test(this.#stderr));
  }

  /** Ends its stdin, and waits for its end; gives its exit code, or the name of the signal that killed it. */
  async end(): Promise<unknown> {
    const closed = new Promise((resolve) => this.#process.once('close', (code, signal) => resolve(code ?? signal)));
    this.#process.stdin?.end();
    return within('the end of the process', closed);
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }
}

/** Listens in a process of its own, run under other words such as those of systemd-socket-activate. */
export const listening = (under: readonly string[], words: readonly string[], options?: SpawnOptions): Telling =>
  new Telling([...under, process.execPath, '--import', 'tsx', besides('listening.ts'), ...words], options);

/** Stands for a service manager; `full`: its queue is, and it does not read. */
export const receiver = async (address: string, ...full: readonly 'full'[]): Promise<Telling> => {
  const python = new Telling(['python3', besides('datagrams.py'), address, ...full]);
  await python.tells('receives');
  return python;
};

/** The path of a script that stands beside this file. */
export const besides = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
