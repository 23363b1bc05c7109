import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** What a process has read from its stdin so far. */
export interface Heard {
  readonly bytes: number;
  readonly eof: boolean;
  /** Some byte was not what the peer had sent. */
  readonly wrong: boolean;
}

/** One process of prog.pl, which does what it is told in the order in which it is told. */
export class Agent {
  readonly #unsent: string[] = [];
  readonly #waiting: ((reply: Heard | 'gone') => void)[] = [];
  #control: Socket | undefined;
  #gone = false;
  #announce: () => void = () => undefined;
  /** Resolves when the process has connected. */
  readonly arrived = new Promise<void>((resolve) => (this.#announce = resolve));

  heard: Heard = { bytes: 0, eof: false, wrong: false };

  /** Resolves with the answer, or when the process can no longer give one. */
  tell(command: string): Promise<Heard | 'gone'> {
    if (this.#gone) return Promise.resolve('gone');
    if (this.#control === undefined) this.#unsent.push(command);
    else this.#control.write(`${command}\n`);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  get gone(): boolean {
    return this.#gone;
  }

  /** It has ever connected. */
  get ran(): boolean {
    return this.#control !== undefined;
  }

  /** The process has connected. */
  arrive(control: Socket, replies: ReturnType<typeof createInterface>): void {
    this.#control = control;
    this.#announce();
    for (const command of this.#unsent.splice(0)) control.write(`${command}\n`);
    replies.on('line', (line) => {
      const [bytes = '', eof, wrong] = line.split(' ');
      this.heard = { bytes: Number(bytes), eof: eof === '1', wrong: wrong === '1' };
      this.#waiting.shift()?.(this.heard);
    });
    control.on('close', () => this.leave());
  }

  /** The process has gone, or will never come. */
  leave(): void {
    this.#gone = true;
    for (const resolve of this.#waiting.splice(0)) resolve('gone');
    this.#control?.destroy();
  }
}
