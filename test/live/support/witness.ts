import { createHash, type Hash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { onCloseNotify, whenAllTaken } from './client-engine.ts';
import type { Transport } from './host.ts';
import { receivedAlert, sentInTheClear } from './received-alert.ts';
import { RecordCutter, type RecordHeader } from './records.ts';
import { Watch } from './watch.ts';

/** How the TCP connection ended, as the peer saw it. */
type TransportEnding = 'fin' | 'reset';

/** What a peer sees of a connection, from its wire and from its TLS engine; never acts on either. */
export class Witness {
  readonly #cutter = new RecordCutter();
  readonly #hash: Hash = createHash('sha256');
  readonly #chunks: Buffer[] = [];
  readonly #watch = new Watch(() => this.toString());
  readonly #discard: boolean;
  #engine: TLSSocket | undefined;
  #secured = false;

  /** Bytes that came over the wire, of whatever kind. */
  bytes = 0;
  /** Bytes of cleartext received. */
  received = 0;
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

  /** `discard`: throw received cleartext away after hashing it (long transfers). */
  constructor(discard: boolean) {
    this.#discard = discard;
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

  until(what: string, condition: (witness: this) => boolean, deadline?: number): Promise<void> {
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

  /** Looks at all that comes over `transport`, and hands it to the engine by way of `wire`. */
  protected watchTransport({ input, output }: Transport, wire: Duplex): void {
    input.on('data', (chunk) => {
      for (const piece of this.#looked(chunk)) wire.push(piece);
      this.#watch.changed();
    });
    input.on('end', () => {
      whenAllTaken(wire, this.#engine, () => {
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

  /** Listens to what the engine makes of it. */
  protected watchEngine(engine: TLSSocket): void {
    this.#engine = engine;
    onCloseNotify(engine, () => {
      if (this.transportEnding === undefined) this.closeNotifyAt ??= performance.now();
    });
    engine.on('secureConnect', () => {
      this.#secured = true;
      this.#watch.changed();
    });
    engine.on('data', (chunk: Buffer) => {
      this.received += chunk.length;
      this.#hash.update(chunk);
      if (!this.#discard) this.#chunks.push(chunk);
      this.#watch.changed();
    });
    const complain = (error: NodeJS.ErrnoException): void => {
      this.complaint ??= error.code ?? error.message;
      this.alert ??= receivedAlert(error);
      this.#watch.changed();
    };
    engine.on('_tlsError', complain);
    engine.on('error', complain);
  }

  /** `chunk` in pieces that end where records end, each looked at only when the one before has been dealt with. */
  *#looked(chunk: Buffer): Generator<Buffer> {
    this.bytes += chunk.length;
    for (const { piece, whole } of this.#cutter.cut(chunk)) {
      if (this.closeNotifyAt !== undefined) this.bytesAfterCloseNotify += piece.length;
      if (whole !== undefined) {
        this.records.push(whole.header);
        if (!this.#secured) this.alert ??= sentInTheClear(whole);
      }
      yield piece;
    }
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
