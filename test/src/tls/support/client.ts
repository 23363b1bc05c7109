import { Duplex } from 'node:stream';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { Bytes } from '../../../../graph/vocabulary.ts';
import type { FarSide } from './memory-network.ts';

/** A TLS client whose ciphertext goes nowhere by itself: the test carries it. */
export class Client implements FarSide {
  readonly tls: TLSSocket;
  /** What it was told, in order: cleartext, `close_notify`, `FIN`, or `fails: ` and OpenSSL's reason. */
  readonly heard: string[] = [];
  /** Ciphertext that nobody has carried away. */
  readonly outbox: Buffer[] = [];
  /** Lines of the key log (NSS format). */
  readonly keys: string[] = [];
  /** Everything that came, for those who look at records. */
  readonly received: Bytes[] = [];
  tickets = 0;
  secured = false;
  readonly #wire: Duplex;
  #carry: ((bytes: Bytes) => void) | undefined;

  constructor(options: ConnectionOptions) {
    this.#wire = new Duplex({
      allowHalfOpen: true,
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        if (this.#carry === undefined) this.outbox.push(chunk);
        else this.#carry(chunk);
        done();
      },
    });
    const tls = connect({ socket: this.#wire, rejectUnauthorized: false, ca: [], ...options });
    this.tls = tls;
    tls.on('secureConnect', () => (this.secured = true));
    tls.on('session', () => (this.tickets += 1));
    tls.on('keylog', (line: Buffer) => this.keys.push(line.toString().trim()));
    tls.on('data', (chunk: Buffer) => this.heard.push(chunk.toString()));
    const push = tls.push.bind(tls);
    tls.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
      if (chunk === null) this.heard.push('close_notify');
      return push(chunk, encoding);
    };
    const fail = (error: Error): void => {
      const told = `fails: ${'reason' in error ? String(error.reason) : error.message}`;
      if (this.heard.at(-1) !== told) this.heard.push(told);
    };
    tls.on('_tlsError', fail);
    tls.on('error', fail);
  }

  /** Ciphertext is carried away like this from now on, and what is there at once; `undefined`: it stays. */
  carry(how: ((bytes: Bytes) => void) | undefined): void {
    this.#carry = how;
    if (how !== undefined) for (const bytes of this.outbox.splice(0)) how(bytes);
  }

  receive(chunk: Bytes): void {
    this.received.push(chunk);
    this.#wire.push(chunk);
  }

  /** Its engine is not told: it would answer, or destroy itself. */
  receiveFin(): void {
    this.heard.push('FIN');
  }

  /** The ciphertext of `data`, in records of at most 16 KiB each. */
  async seal(data: string | Bytes): Promise<Buffer> {
    await new Promise<void>((resolve, reject) => {
      this.tls.write(data, (error) => (error ? reject(error) : resolve()));
    });
    return this.takeOutbox();
  }

  /** The record that holds its close_notify. */
  async sealCloseNotify(): Promise<Buffer> {
    const finished = new Promise<void>((resolve) => this.#wire.once('finish', resolve));
    this.tls.end();
    await finished;
    return this.takeOutbox();
  }

  takeOutbox(): Buffer {
    return Buffer.concat(this.outbox.splice(0));
  }
}

/** The same record with its last bit turned: it does not decrypt. */
export const spoilt = (record: Buffer): Buffer => {
  const copy = Buffer.from(record);
  copy.writeUInt8(copy.readUInt8(copy.length - 1) ^ 1, copy.length - 1);
  return copy;
};
