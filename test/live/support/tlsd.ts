import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { poll, Watch } from './watch.ts';

/** The program under test, as its super-server sees it. */
export class Tlsd {
  readonly #child: ChildProcess;
  readonly #watch: Watch;
  #stderr = '';
  #outcome: number | string | undefined;
  #stderrEnded = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#watch = new Watch(() => `stderr ${JSON.stringify(this.#stderr)}, exit ${String(this.#outcome)}`);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#watch.changed();
    });
    child.stderr?.on('end', () => {
      this.#stderrEnded = true;
      this.#watch.changed();
    });
    child.on('error', (error) => {
      this.#outcome = `failed to start: ${error.message}`;
      this.#watch.changed();
    });
    child.on('exit', (code, signal) => {
      this.#outcome = code ?? signal ?? 'nothing';
      this.#watch.changed();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What came on fd 2 so far: prog's, too, since prog inherits it. */
  get stderr(): string {
    return this.#stderr;
  }

  get hasExited(): boolean {
    return this.#outcome !== undefined;
  }

  /** Waits for the exit code, or the name of the signal that killed the program, and for all of fd 2. */
  async exit(deadline?: number): Promise<number | string> {
    await this.#watch.until('exit', () => this.#outcome !== undefined && this.#stderrEnded, deadline);
    return this.#outcome ?? 'nothing';
  }

  /** Like {@link exit}, when something else may still hold fd 2. */
  async exitAlone(deadline?: number): Promise<number | string> {
    await this.#watch.until('exit', () => this.#outcome !== undefined, deadline);
    return this.#outcome ?? 'nothing';
  }

  /** Waits until fd 2 matches. */
  async says(what: RegExp, deadline?: number): Promise<RegExpExecArray> {
    await this.#watch.until(`${String(what)} on fd 2`, () => what.test(this.#stderr), deadline);
    return what.exec(this.#stderr) ?? ([] as unknown as RegExpExecArray);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Stops the program, runs `then`, and lets it go on: it meets everything that happened meanwhile at once. */
  async whileFrozen(then: () => Promise<void>): Promise<void> {
    this.#child.kill('SIGSTOP');
    await poll('a stopped process', () => field(this.pid, 'State').startsWith('T'));
    try {
      await then();
    } finally {
      this.#child.kill('SIGCONT');
    }
  }

  /** Bytes of resident memory (VmRSS). */
  residentMemory(): number {
    return Number.parseInt(field(this.pid, 'VmRSS'), 10) * 1024;
  }

  /** The most it ever was (VmHWM). */
  peakMemory(): number {
    return Number.parseInt(field(this.pid, 'VmHWM'), 10) * 1024;
  }
}

/** A field of /proc/pid/status; empty when the process or the field does not exist. */
export const field = (pid: number, name: string): string => {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, 'latin1');
    return new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(status)?.[1] ?? '';
  } catch {
    // The process is gone: it has no fields.
    return '';
  }
};

/** The command line of a process; empty when it is gone. */
export const commandLine = (pid: number): string => {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'latin1')
      .replaceAll('\0', ' ')
      .trim();
  } catch {
    return '';
  }
};

/** The processes whose environment has `mark`: everything a launch has started, however far removed. */
export const marked = (mark: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return pid !== process.pid && readFileSync(`/proc/${String(pid)}/environ`, 'latin1').includes(mark);
      } catch {
        // Processes come and go while we look.
        return false;
      }
    });
