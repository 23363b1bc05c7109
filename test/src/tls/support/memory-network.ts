import { Observable, ReplaySubject, type Subscriber } from 'rxjs';
import type { Bytes, Fault } from '../../../../graph/vocabulary.ts';
import type { Network } from '../../../../src/network/network.ts';

/** The wire as the other side sees it. */
export interface FarSide {
  readonly receive: (chunk: Bytes) => void;
  readonly receiveFin: () => void;
}

/** A network without a kernel. It does what it is told to, one chunk a turn of the event loop, and notes what happens in `log`. */
export class MemoryNetwork implements Network {
  readonly fromNetwork$: Observable<Bytes>;
  readonly unwritable$ = new ReplaySubject<never>(1);
  /** While `true`, the kernel takes nothing. */
  full = false;
  /** Bytes that the program has read. */
  handedOver = 0;
  /** Everything that was written, whether the kernel has it or not. */
  readonly written: Bytes[] = [];
  far: FarSide | undefined;
  readonly #log: string[];
  readonly #inbox: (Bytes | 'fin' | Fault)[] = [];
  readonly #untaken: (() => void)[] = [];
  #subscriber: Subscriber<Bytes> | undefined;
  #reading = false;
  #gone = false;
  #broken: Fault | undefined;
  #scheduled = false;

  constructor(log: string[]) {
    this.#log = log;
    this.fromNetwork$ = new Observable((subscriber) => {
      this.#subscriber = subscriber;
    });
  }

  // What the test does.

  /** Comes from the peer: bytes as one chunk, its FIN, or that reading fails. Is read when the program wants to read. */
  arrives(...arrivals: readonly (Bytes | 'fin' | Fault)[]): void {
    this.#inbox.push(...arrivals);
    this.#deliver();
  }

  /** A write has failed: what has arrived is read first, whatever the program wants. */
  breaks(fault: Fault): void {
    this.#broken = fault;
    this.#reading = true;
    this.arrives(fault);
  }

  /** The kernel takes all that was written. */
  drain(): void {
    this.full = false;
    for (const taken of this.#untaken.splice(0)) taken();
  }

  get reading(): boolean {
    return this.#reading;
  }

  // What the program does.

  read(on: boolean): void {
    if (this.#broken === undefined) this.#reading = on;
    this.#deliver();
  }

  write(chunks: readonly Bytes[], taken: () => void): void {
    if (this.#gone || this.#broken !== undefined) return;
    this.written.push(...chunks);
    for (const record of recordsOf(chunks)) this.#log.push(`wrote ${kindOf(record)}`);
    this.#take(() => {
      for (const chunk of chunks) this.far?.receive(chunk);
      taken();
    });
  }

  end(taken: () => void): void {
    if (this.#gone || this.#broken !== undefined) return;
    this.#log.push('wrote FIN');
    this.#take(() => {
      this.far?.receiveFin();
      taken();
    });
  }

  get pending(): boolean {
    return this.#untaken.length > 0;
  }

  close(): void {
    this.#gone = true;
    this.#log.push('TCP gone');
  }

  #take(taken: () => void): void {
    this.#untaken.push(taken);
    // A socket that has room tells so a little later, in the same turn (Node 20, `afterWrite`).
    if (!this.full) process.nextTick(() => (this.full ? undefined : this.drain()));
  }

  #deliver(): void {
    if (this.#scheduled || !this.#reading || this.#gone || this.#inbox.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (!this.#reading || this.#gone) return;
      const arrival = this.#inbox.shift();
      if (arrival === 'fin') this.#subscriber?.complete();
      else if (arrival instanceof Uint8Array) {
        this.handedOver += arrival.length;
        this.#subscriber?.next(arrival);
      } else {
        this.#subscriber?.error(arrival);
        if (this.#broken !== undefined) this.unwritable$.error(this.#broken);
      }
      this.#deliver();
    });
  }
}

/** OpenSSL writes whole records, as many at a time as it has. */
function* recordsOf(chunks: readonly Bytes[]): Generator<Bytes> {
  const all = Buffer.concat(chunks);
  for (let at = 0; at < all.length; at += HEADER + all.readUInt16BE(at + 3)) {
    yield all.subarray(at, at + HEADER + all.readUInt16BE(at + 3));
  }
}

/** An alert has two bytes; under TLS 1.3 it looks like data, but no test sends data that short (RFC 8446 §5.2: + type, + tag). */
const kindOf = (record: Bytes): string => {
  if (record[0] === ALERT || (record[0] === APPLICATION_DATA && record.length === HEADER + 2 + 1 + TAG)) return 'alert';
  return record[0] === APPLICATION_DATA ? 'data' : 'handshake';
};

const ALERT = 21;
const APPLICATION_DATA = 23;
const HEADER = 5;
const TAG = 16;
