import { connect, type TLSSocket } from 'node:tls';
import type { Transport } from './host.ts';
import { APPLICATION_DATA, record } from './records.ts';
import { within } from './watch.ts';
import { Wire, type Sender } from './wire.ts';
import { Witness } from './witness.ts';

export interface PeerOptions {
  readonly protocol?: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  readonly servername?: string;
  readonly ciphers?: string;
  readonly cert?: string;
  readonly key?: string;
  /** One to be resumed, as an engine's `session` event gave it. */
  readonly session?: Buffer;
  /** Throw received cleartext away after hashing it (long transfers). */
  readonly discard?: boolean;
}

/** A TLS client every byte of whose wire is in our hands. This is what it can do; what it saw is in {@link Witness}. */
export class Peer extends Witness {
  readonly #transport: Transport;
  readonly #options: PeerOptions;
  readonly #wire: Wire;
  #tls: TLSSocket | undefined;

  /** Bytes of cleartext sent with {@link sendAll} that the kernel took. */
  sent = 0;

  constructor(transport: Transport, options: PeerOptions) {
    super(options.discard ?? false);
    this.#transport = transport;
    this.#options = options;
    this.#wire = new Wire(transport.output);
    this.watchTransport(transport, this.#wire);
  }

  /** Resolves when the far side's kernel has taken the connection; its program may not know yet. */
  async connected(): Promise<void> {
    const { output } = this.#transport;
    if (output.connecting)
      await within('a connection', new Promise<void>((resolve) => output.once('connect', resolve)));
  }

  /** From now on, best before {@link startTls}, our engine's ciphertext goes out in this way. */
  sendBy(sender: Sender): void {
    this.#wire.sendBy(sender);
  }

  /** Bytes of ciphertext that our engine has said. */
  get ciphertextSaid(): number {
    return this.#wire.said;
  }

  startTls(): void {
    const { protocol = 'TLSv1.3', servername, ciphers, cert, key, session } = this.#options;
    this.#tls = connect({
      socket: this.#wire,
      rejectUnauthorized: false,
      minVersion: protocol,
      maxVersion: protocol,
      ...(servername !== undefined && { servername }),
      ...(ciphers !== undefined && { ciphers }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(session !== undefined && { session }),
      // Our anchors do not matter, and reading the built-in ones takes 17 ms.
      ca: [],
    });
    this.watchEngine(this.#tls);
  }

  get tls(): TLSSocket {
    if (this.#tls === undefined) throw new Error('this peer does not speak TLS');
    return this.#tls;
  }

  get version(): string {
    return this.#tls?.getProtocol() ?? '';
  }

  /** The port that we connect from; `undefined` on a Unix socket. */
  get localPort(): number | undefined {
    return this.#transport.output.localPort;
  }

  /** Resolves when the kernel has taken the ciphertext of `data`. */
  send(data: string | Uint8Array, deadline?: number): Promise<void> {
    const sent = new Promise<void>((resolve, reject) => {
      this.tls.write(data, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    return within('the far side to take our data', sent, deadline);
  }

  /** Sends `chunks` as fast as they are taken; stops quietly at an error, which the endings report. */
  async sendAll(chunks: Iterable<Uint8Array>, deadline: number): Promise<boolean> {
    try {
      for (const chunk of chunks) {
        await this.send(chunk, deadline);
        this.sent += chunk.length;
      }
      return true;
    } catch {
      return false;
    }
  }

  /** Sends close_notify and keeps TCP open. */
  async closeNotify(): Promise<void> {
    const finished = new Promise<void>((resolve) => this.#wire.once('finish', resolve));
    this.tls.end();
    await within('our close_notify to be sent', finished);
  }

  /** Ends our direction of TCP. */
  fin(): void {
    this.#transport.output.end();
  }

  /** Of two sockets, also one alone: that on which we send, or that on which we receive. */
  reset(which?: 'sending' | 'receiving'): void {
    if (which !== 'receiving') this.#transport.output.resetAndDestroy();
    if (which !== 'sending') this.#transport.input.resetAndDestroy();
  }

  /** What `act` makes our engine say, not sent. */
  async sealed(act: () => Promise<void>): Promise<Buffer> {
    this.#wire.hold();
    try {
      await act();
    } catch (error) {
      this.#wire.release();
      throw error;
    }
    return this.#wire.release();
  }

  /** Sends everything that `act` produces with one write, and then, when wanted, FIN. */
  async together(act: () => Promise<void>, ending?: 'fin'): Promise<void> {
    const bytes = await this.sealed(act);
    if (ending === 'fin') this.#transport.output.end(bytes);
    else await this.raw(bytes);
  }

  /** Sends `data` without the last `missing` bytes of its ciphertext, then FIN. */
  async finInsideRecord(data: string | Uint8Array, missing: number): Promise<void> {
    const bytes = await this.sealed(() => this.send(data));
    this.#transport.output.end(bytes.subarray(0, bytes.length - missing));
  }

  /** Sends what `act` produces in segments of one byte. */
  async byteByByte(act: () => Promise<void>): Promise<void> {
    for (const byte of await this.sealed(act)) {
      await this.raw(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Sends bytes that no TLS engine has seen. */
  raw(bytes: string | Uint8Array): Promise<void> {
    const sent = new Promise<void>((resolve) => {
      this.#transport.output.write(bytes, () => {
        resolve();
      });
    });
    return within('the far side to take raw bytes', sent);
  }

  /**
   * Makes our engine send a fatal alert, by handing it a record that it cannot decrypt. It is `bad_record_mac`, or
   * whatever else OpenSSL finds fitting.
   */
  async fatalAlert(): Promise<void> {
    this.#wire.push(record(APPLICATION_DATA, Buffer.alloc(64, 7)));
    await this.until('our own engine to fail', () => this.complaint !== undefined);
  }

  /** From now on our engine's ciphertext goes nowhere; only what is sent with {@link raw} does. */
  gag(): void {
    this.#wire.hold();
  }

  stopReading(): void {
    this.#transport.input.pause();
  }

  resumeReading(): void {
    this.#transport.input.resume();
  }

  destroy(): void {
    this.#transport.input.destroy();
    this.#transport.output.destroy();
  }
}
