import { createHash, type Hash } from 'node:crypto';
import { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import type { Transport } from './host.ts';
import { ALERT, APPLICATION_DATA, record, RecordCutter, type RecordHeader } from './records.ts';
import { Watch, within } from './watch.ts';

export interface PeerOptions {
  readonly protocol?: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  readonly servername?: string;
  readonly ciphers?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Throw received cleartext away after hashing it (long transfers). */
  readonly discard?: boolean;
}

/** How the TCP connection ended, as the peer saw it. */
export type TransportEnding = 'fin' | 'reset';

/** A TLS client every byte of whose wire is in our hands, and that reports what it saw. */
export class Peer {
  readonly #transport: Transport;
  readonly #options: PeerOptions;
  readonly #cutter = new RecordCutter();
  readonly #hash: Hash = createHash('sha256');
  readonly #chunks: Buffer[] = [];
  readonly #wire: Duplex;
  readonly #watch: Watch;
  #tls: TLSSocket | undefined;
  /** While this is set, ciphertext is kept here instead of being sent. */
  #held: Buffer[] | undefined;
  #secured = false;

  /** Bytes that came over the wire, of whatever kind. */
  bytes = 0;
  /** Bytes of cleartext received. */
  received = 0;
  /** Bytes of cleartext sent with {@link sendAll} that the kernel took. */
  sent = 0;
  readonly records: RecordHeader[] = [];
  /** When close_notify came, in milliseconds of `performance.now()`. */
  closeNotifyAt: number | undefined;
  /** Bytes of ciphertext that came after close_notify: there must be none. */
  bytesAfterCloseNotify = 0;
  /** The fatal alert that came. */
  alert: string | undefined;
  transportEnding: TransportEnding | undefined;
  transportEndedAt: number | undefined;
  /** Whether the transport ended in the middle of a record. */
  cut = false;
  /** Whatever our engine complained about. */
  complaint: string | undefined;

  constructor(transport: Transport, options: PeerOptions) {
    this.#transport = transport;
    this.#options = options;
    this.#watch = new Watch(() => this.toString());
    this.#wire = this.#makeWire();
    const { input, output } = transport;
    input.on('data', (chunk) => {
      this.#fromTransport(chunk);
    });
    input.on('end', () => {
      this.#whenEngineHasAll(() => {
        this.#transportEnded('fin');
      });
    });
    for (const socket of new Set([input, output])) {
      socket.on('error', (error: NodeJS.ErrnoException) => {
        // EPIPE only says that our own writing came too late; how the far side ended is seen by reading.
        if (error.code !== 'EPIPE' || socket === input) this.#transportEnded('reset');
      });
    }
  }

  toString(): string {
    return JSON.stringify({
      secured: this.#secured,
      received: this.received,
      records: this.records.slice(-8).map(({ type, length }) => `${String(type)}:${String(length)}`),
      closeNotify: this.closeNotifyAt !== undefined,
      alert: this.alert,
      transportEnding: this.transportEnding,
      complaint: this.complaint,
    });
  }

  // What it saw.

  /** All cleartext received so far. */
  get text(): string {
    return Buffer.concat(this.#chunks).toString('latin1');
  }

  /** SHA-256 of the cleartext received; can be asked for once. */
  digest(): string {
    return this.#hash.digest('hex');
  }

  /** The far side's ending in the words of the spec. */
  get ending(): string {
    const notify = this.closeNotifyAt === undefined ? '' : 'close_notify, ';
    const alert = this.alert === undefined ? '' : `alert ${this.alert}, `;
    return `${notify}${alert}${this.transportEnding ?? 'open'}${this.cut ? ' inside a record' : ''}`;
  }

  get version(): string {
    return this.#tls?.getProtocol() ?? '';
  }

  get tls(): TLSSocket {
    if (this.#tls === undefined) throw new Error('this peer does not speak TLS');
    return this.#tls;
  }

  until(what: string, condition: (peer: this) => boolean, deadline?: number): Promise<void> {
    return this.#watch.until(what, () => condition(this), deadline);
  }

  secured(): Promise<void> {
    return this.until('a finished handshake', () => this.#secured);
  }

  async receives(text: string, deadline?: number): Promise<void> {
    await this.until(`the cleartext ${JSON.stringify(text)}`, () => this.text.includes(text), deadline);
  }

  /** Waits for the end of TCP, and gives {@link ending}. */
  async ended(deadline?: number): Promise<string> {
    await this.until('the end of TCP', () => this.transportEnding !== undefined, deadline);
    return this.ending;
  }

  /** Waits for close_notify. */
  async notified(deadline?: number): Promise<void> {
    await this.until('close_notify', () => this.closeNotifyAt !== undefined, deadline);
  }

  // What it does.

  startTls(): void {
    const { protocol = 'TLSv1.3', servername, ciphers, cert, key } = this.#options;
    const tls = connect({
      socket: this.#wire,
      rejectUnauthorized: false,
      minVersion: protocol,
      maxVersion: protocol,
      ...(servername !== undefined && { servername }),
      ...(ciphers !== undefined && { ciphers }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      // Our anchors do not matter, and reading the built-in ones takes 17 ms.
      ca: [],
    });
    this.#tls = tls;
    // 'end' looks the same for close_notify and FIN. But the engine ends its readable side within our own call that
    // hands it the record with close_notify, and for a FIN only when we hand it that.
    const push = tls.push.bind(tls);
    tls.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
      if (chunk === null && this.transportEnding === undefined) this.closeNotifyAt ??= performance.now();
      return push(chunk, encoding);
    };
    tls.on('secureConnect', () => {
      this.#secured = true;
      this.#watch.changed();
    });
    tls.on('data', (chunk: Buffer) => {
      this.received += chunk.length;
      this.#hash.update(chunk);
      if (this.#options.discard !== true) this.#chunks.push(chunk);
      this.#watch.changed();
    });
    const complain = (error: NodeJS.ErrnoException): void => {
      this.complaint ??= error.code ?? error.message;
      const alert = /^ERR_SSL_(?:SSLV3|TLSV1|TLSV13)_(?:ALERT_)?(.*)$/.exec(error.code ?? '')?.[1];
      if (alert !== undefined) this.alert ??= alert.toLowerCase();
      this.#watch.changed();
    };
    tls.on('_tlsError', complain);
    tls.on('error', complain);
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

  reset(): void {
    this.#transport.output.resetAndDestroy();
    this.#transport.input.resetAndDestroy();
  }

  /** Ciphertext of `data`, encrypted in its turn but not sent. */
  async sealed(act: () => Promise<void>): Promise<Buffer> {
    const held: Buffer[] = [];
    this.#held = held;
    try {
      await act();
    } finally {
      this.#held = undefined;
    }
    return Buffer.concat(held);
  }

  /** Sends everything that `act` produces with one write, and then, when wanted, FIN. */
  async together(act: () => Promise<void>, ending?: 'fin'): Promise<void> {
    const bytes = await this.sealed(act);
    const { output } = this.#transport;
    if (ending === 'fin') output.end(bytes);
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
    this.#held = [];
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

  #makeWire(): Duplex {
    return new Duplex({
      allowHalfOpen: true,
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        if (this.#held !== undefined) {
          this.#held.push(chunk);
          done();
          return;
        }
        this.#transport.output.write(chunk, (error) => {
          done(error);
        });
      },
      // The engine ends its wire after close_notify; FIN is a decision of its own.
      final: (done) => {
        done();
      },
    });
  }

  #fromTransport(chunk: Buffer): void {
    this.bytes += chunk.length;
    for (const { piece, whole } of this.#cutter.cut(chunk)) {
      if (this.closeNotifyAt !== undefined) this.bytesAfterCloseNotify += piece.length;
      if (whole !== undefined) {
        this.records.push(whole.header);
        if (whole.header.type === ALERT && whole.body.length === 2 && whole.body[0] === FATAL && !this.#secured)
          this.alert ??= PLAIN_ALERTS.get(whole.body[1] ?? 0) ?? `number ${String(whole.body[1])}`;
      }
      this.#wire.push(piece);
    }
    this.#watch.changed();
  }

  /** The engine may not have taken everything yet, a close_notify among it: right after a handshake it reads a little later. */
  #whenEngineHasAll(then: () => void, turns = 1000): void {
    if (this.#wire.readableLength === 0 || this.#tls?.destroyed !== false || turns === 0) then();
    else
      setImmediate(() => {
        this.#whenEngineHasAll(then, turns - 1);
      });
  }

  #transportEnded(ending: TransportEnding): void {
    if (this.transportEnding !== undefined) return;
    this.transportEnding = ending;
    this.transportEndedAt = performance.now();
    this.cut = this.#cutter.missing > 0;
    // The engine is not told: it would destroy itself, or answer a bare FIN with an alert of its own.
    this.#watch.changed();
  }
}

const FATAL = 2;

/** RFC 8446 §6.2. */
const PLAIN_ALERTS = new Map([
  [10, 'unexpected_message'],
  [20, 'bad_record_mac'],
  [22, 'record_overflow'],
  [40, 'handshake_failure'],
  [42, 'bad_certificate'],
  [47, 'illegal_parameter'],
  [48, 'unknown_ca'],
  [50, 'decode_error'],
  [51, 'decrypt_error'],
  [70, 'protocol_version'],
  [80, 'internal_error'],
  [109, 'missing_extension'],
  [112, 'unrecognized_name'],
  [116, 'certificate_required'],
]);
