/** The header of a TLS record as it went over the wire (RFC 8446 §5.1), with the time its last byte came. */
export interface RecordHeader {
  readonly type: number;
  readonly length: number;
  readonly at: number;
}

export const ALERT = 21;
export const HANDSHAKE = 22;
export const APPLICATION_DATA = 23;

/** A record made by hand. */
export const record = (type: number, body: Uint8Array, length = body.length): Buffer =>
  Buffer.concat([Buffer.from([type, 3, 3, length >> 8, length & 255]), body]);

/** Cuts a stream of ciphertext at the ends of records, without copying. */
export class RecordCutter {
  #header: number[] = [];
  #missing = 0;
  #body: Buffer[] = [];

  /** The number of bytes still missing in a record that has begun; 0 between records. */
  get missing(): number {
    return this.#header.length === 0 ? 0 : this.#header.length < HEADER ? HEADER - this.#header.length : this.#missing;
  }

  /** Each piece of `chunk` that belongs to one record, together with that record when the piece completes it. */
  *cut(chunk: Buffer): Generator<{ piece: Buffer; whole?: { header: RecordHeader; body: Buffer } }> {
    let start = 0;
    let at = 0;
    while (at < chunk.length) {
      if (this.#header.length < HEADER) {
        this.#header.push(chunk[at++] ?? 0);
        if (this.#header.length === HEADER) this.#missing = ((this.#header[3] ?? 0) << 8) | (this.#header[4] ?? 0);
      } else {
        const taken = Math.min(this.#missing, chunk.length - at);
        // Only short records are worth keeping: a plaintext alert is two bytes long.
        if (this.#missing <= SHORT) this.#body.push(chunk.subarray(at, at + taken));
        at += taken;
        this.#missing -= taken;
      }
      if (this.#header.length === HEADER && this.#missing === 0) {
        const header = {
          type: this.#header[0] ?? 0,
          length: ((this.#header[3] ?? 0) << 8) | (this.#header[4] ?? 0),
          at: performance.now(),
        };
        const body = Buffer.concat(this.#body);
        this.#header = [];
        this.#body = [];
        yield { piece: chunk.subarray(start, at), whole: { header, body } };
        start = at;
      }
    }
    if (start < at) yield { piece: chunk.subarray(start, at) };
  }
}

const HEADER = 5;
const SHORT = 2;
