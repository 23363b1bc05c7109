import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** Brings ciphertext to the far side in a way of its own; resolves when the next can come. */
export type Sender = (ciphertext: Buffer, output: Socket) => Promise<void>;

/**
 * The ciphertext between our TLS engine and the transport. What the engine writes goes out, or is held back to be sent in
 * another way; what is pushed here the engine reads.
 *
 * The engine ends its wire after close_notify. That is not passed on: FIN is a decision of its own.
 */
export class Wire extends Duplex {
  readonly #output: Socket;
  #held: Buffer[] | undefined;
  #sender: Sender | undefined;

  /** Bytes that the engine has said, whatever became of them. */
  said = 0;

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

  /** From now on what goes out goes out in this way. */
  sendBy(sender: Sender): void {
    this.#sender = sender;
  }

  override _read(): void {
    // Whoever has ciphertext pushes it.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.said += chunk.length;
    if (this.#held !== undefined) {
      this.#held.push(chunk);
      done();
    } else if (this.#sender === undefined) this.#output.write(chunk, done);
    else this.#sender(chunk, this.#output).then(() => done(), done);
  }
}
