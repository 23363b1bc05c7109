import { spawn, type ChildProcess } from 'node:child_process';
import { Watch } from './watch.ts';

/** Any program that a test runs besides the one under test: a foreign client, a super-server. */
export class Running {
  readonly #child: ChildProcess;
  readonly #watch: Watch;
  #stdout = '';
  #stderr = '';
  #outcome: number | string | undefined;

  constructor([file = '', ...args]: readonly string[], env: NodeJS.ProcessEnv) {
    this.#child = spawn(file, args, { env, stdio: 'pipe' });
    this.#watch = new Watch(() => JSON.stringify([file, this.#stdout, this.#stderr, this.#outcome]));
    this.#child.stdout?.setEncoding('latin1').on('data', (text: string) => {
      this.#stdout += text;
      this.#watch.changed();
    });
    this.#child.stderr?.setEncoding('latin1').on('data', (text: string) => {
      this.#stderr += text;
      this.#watch.changed();
    });
    // The program may be gone before it has read all we have for it.
    this.#child.stdin?.on('error', () => undefined);
    this.#child.on('error', (error) => {
      this.#outcome = error.message;
      this.#watch.changed();
    });
    this.#child.on('close', (code, signal) => {
      this.#outcome = code ?? signal ?? 'nothing';
      this.#watch.changed();
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  write(text: string): void {
    this.#child.stdin?.write(text);
  }

  endInput(): void {
    this.#child.stdin?.end();
  }

  /** Waits until what came on fd 1 and fd 2 matches. */
  async says(what: RegExp): Promise<RegExpExecArray> {
    await this.#watch.until(String(what), () => what.test(this.#stdout + this.#stderr));
    return what.exec(this.#stdout + this.#stderr) ?? ([] as unknown as RegExpExecArray);
  }

  /** Waits for the exit code or the name of the signal. */
  async exit(deadline?: number): Promise<number | string> {
    await this.#watch.until('exit', () => this.#outcome !== undefined, deadline);
    return this.#outcome ?? 'nothing';
  }

  stop(): void {
    this.#child.kill();
  }
}
