import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/**
 * The ciphertext between our TLS engine and the transport. What the engine writes goes out, or is held back to be sent in
 * another way; what is pushed here the engine reads.
 *
 * The engine ends its wire after close_notify. That is not passed on: FIN is a decision of its own.
 */
export class Wire extends Duplex {
  readonly #output: Socket;
  #held: Buffer[] | undefined;

  constructor(output: Socket) {
    super({ allowHalfOpen: true });
    this.#output = output;
  }

  /** From now on nothing goes out. */
  hold(): void {
    this.#held = [];
  }

  /** Ends {@link hold}, and gives what was held back; that is not sent. */
  release(): Buffer {
    const held = Buffer.concat(this.#held ?? []);
    this.#held = undefined;
    return held;
  }

  override _read(): void {
    // Whoever has ciphertext pushes it.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#held === undefined) {
      this.#output.write(chunk, done);
      return;
    }
    this.#held.push(chunk);
    done();
  }
}
