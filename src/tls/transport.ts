import { Duplex } from 'node:stream';
import type { Network } from '../network/network.ts';

type Callback = (error?: Error | null) => void;

/**
 * The network as the Duplex that a TLSSocket wants below it. It carries ciphertext and never decides how TCP ends:
 * destroying it leaves the network alone, and the reading side is pushed by the engine, which sees every chunk first.
 * Emits 'weEnded' once the kernel has our FIN and all before it.
 */
export class Transport extends Duplex {
  readonly #network: Network;
  #weEnded = false;

  /** @param handling within it a chunk goes to OpenSSL, in whatever way it gets there. */
  constructor(network: Network, handling?: (handle: () => void) => void) {
    // Without allowHalfOpen the TLSSocket answers the peer's end with its own (Node 20, net.Socket `onReadableStreamEnd`).
    // A mark of 0: it keeps nothing of its own, and while it is paused nothing is read.
    super({ allowHalfOpen: true, emitClose: false, autoDestroy: false, readableHighWaterMark: 0 });
    this.#network = network;
    if (handling === undefined) return;
    // The TLSSocket listens to 'data' (Node 20, lib/internal/js_stream_socket.js) and has read the chunk when its listener returns.
    const emit = this.emit.bind(this) as (...event: unknown[]) => boolean;
    this.emit = (...event: unknown[]): boolean => {
      if (event[0] !== 'data') return emit(...event);
      handling(() => emit(...event));
      return true;
    };
  }

  /**
   * Takes what the network has, which is only lent: OpenSSL has a copy when this returns, or the Readable keeps one. Tells, like
   * `push`, whether more is wanted.
   */
  pass(chunk: Uint8Array): boolean {
    const atOnce = this.readableFlowing === true && this.readableLength === 0;
    return this.push(atOnce ? chunk : Uint8Array.from(chunk));
  }

  /** FIN without close_notify. What OpenSSL may still want to say (an answer to KeyUpdate) is not for the wire any more. */
  endBare(): void {
    this.#weEnded = true;
    this.#end('bare');
  }

  /** The end of a TLSSocket that has said close_notify. */
  override _final(callback: Callback): void {
    this.#end('announced');
    callback();
  }

  override _read(): void {
    this.#network.read(true);
  }

  override _write(chunk: Uint8Array, _encoding: string, callback: Callback): void {
    this.#send([chunk], callback);
  }

  override _writev(chunks: { chunk: Uint8Array }[], callback: Callback): void {
    this.#send(
      chunks.map(({ chunk }) => chunk),
      callback,
    );
  }

  #end(fin: 'bare' | 'announced'): void {
    this.#network.end(() => this.emit('weEnded'), fin);
  }

  #send(chunks: readonly Uint8Array[], callback: Callback): void {
    if (this.#weEnded) callback();
    else this.#network.write(chunks, callback);
  }
}
