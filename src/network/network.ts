import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import { Observable, ReplaySubject, type Subscriber } from 'rxjs';
import { Fault, type Bytes } from '../../graph/vocabulary.ts';
import { readSocket } from '../read-socket.ts';
import { Death } from '../messages.ts';

/** The two descriptors on which a UCSPI server meets its peer: one socket, two sockets, or two pipes. */
export interface Network {
  /**
   * Ciphertext from the peer. Completes at FIN, errors with a `reset` Fault when reading fails, or when writing does, which
   * is told after all that the kernel still has. One subscriber. Read while {@link Network.read} was last told `true`. A chunk is only
   * lent: it is valid until `next` returns.
   */
  readonly fromNetwork$: Observable<Bytes>;
  /** Never a value: errors with a `reset` Fault when a write has failed, after {@link Network.fromNetwork$} has ended. */
  readonly unwritable$: Observable<never>;
  /** Turns reading on and off. Off at first. */
  read(on: boolean): void;
  /** Hands ciphertext to the kernel; `taken` is called when all of it is there. Nothing happens after {@link Network.close}. */
  write(chunks: readonly Bytes[], taken: () => void): void;
  /** FIN behind what was written; `taken` is called when the kernel has it. */
  end(taken: () => void): void;
  /** `true` while the kernel has not taken all that was written. */
  readonly pending: boolean;
  /** Closes both descriptors now. What the kernel has taken is still delivered by it. */
  close(): void;
}

/**
 * Opens fd 0 and fd 1, as tcpserver and friends set them up.
 *
 * Each has a handle of its own, also when both are the same socket: Node destroys the handle of a failed write, and a peer
 * that sends much and leaves without reading our answer makes writes fail while its data still waits in the kernel. So after
 * a failed write what is there is read, and only then the fault is told. A peer that stays, but reads no more, is not waited for.
 *
 * @throws Death 111 when one of them is neither a socket nor a pipe.
 */
export function openNetwork(): Network {
  const input = openDescriptor({ fd: 0, readable: true, writable: false });
  const output = openDescriptor({ fd: 1, readable: false, writable: true });
  const unwritable$ = new ReplaySubject<never>(1);
  let subscriber: Subscriber<Bytes> | undefined;
  let writeFault: Fault | undefined;
  let pending = 0;
  let weLeft = false;

  const inputEnded = (fault: Fault | undefined): void => {
    if (fault === undefined) subscriber?.complete();
    else subscriber?.error(fault);
    subscriber = undefined;
  };
  output.on('error', (error) => {
    if (weLeft || writeFault !== undefined) return;
    writeFault = faultOf(error);
    input.pause();
    if (subscriber !== undefined) readOut(subscriber);
    inputEnded(writeFault);
    unwritable$.error(writeFault);
  });

  return {
    fromNetwork$: new Observable((only) => {
      subscriber = only;
      input.on('data', (chunk) => subscriber?.next(chunk));
      input.on('end', () => inputEnded(readOut(only)));
      input.on('error', (error) => inputEnded(faultOf(error)));
    }),
    unwritable$,
    read(on) {
      if (weLeft || writeFault !== undefined) return;
      if (on) input.resume();
      else input.pause();
    },
    write(chunks, taken) {
      if (weLeft || writeFault !== undefined) return;
      const last = chunks.at(-1);
      if (last === undefined) return;
      pending += 1;
      output.cork();
      for (let index = 0; index < chunks.length - 1; index += 1) output.write(chunks[index] as Bytes);
      output.write(last, (error) => {
        pending -= 1;
        if (error == null) taken();
      });
      output.uncork();
    },
    end(taken) {
      if (weLeft || writeFault !== undefined) return;
      output.end((error?: Error | null) => {
        if (error != null) return;
        // A pipe has no half-close: its reader sees EOF only when the descriptor is gone.
        if (!isSocket(1)) closeDescriptor(1, output);
        taken();
      });
    },
    get pending() {
      return pending > 0;
    },
    close() {
      weLeft = true;
      closeDescriptor(0, input);
      closeDescriptor(1, output);
    },
  };
}

/**
 * Reads what the kernel has on fd 0, whoever wants it; returns why it could not go on, EAGAIN included, if not because of EOF.
 *
 * After an 'end' it makes sure that it is one. libuv reports EOF when a hang-up follows a read that did not fill its buffer,
 * without reading again (Node 20, libuv `uv__stream_io`, "Short-circuit iff POLLHUP is polled"), and a reset is such a hang-up too.
 * Nothing here can block: libuv has made the descriptor non-blocking.
 */
function readOut(subscriber: Subscriber<Bytes>): Fault | undefined {
  const buffer = new Uint8Array(READ_SIZE);
  try {
    for (let left = LEFT_OVER; left > 0;) {
      const length = readSync(0, buffer);
      if (length === 0) return undefined;
      subscriber.next(buffer.slice(0, length));
      left -= length;
    }
    return undefined;
  } catch (error) {
    return faultOf(error as Error);
  }
}

const faultOf = (error: Error): Fault => new Fault('reset', 'code' in error ? String(error.code) : error.message);

function openDescriptor(options: { fd: 0 | 1; readable: boolean; writable: boolean }): Socket {
  try {
    const all = { ...options, allowHalfOpen: true };
    const socket = options.readable ? readSocket(all, 'lent') : new Socket(all);
    // Without it some handshakes and first answers wait 40 ms: Nagle's algorithm against delayed acknowledgements.
    socket.setNoDelay(true);
    // A peer that is gone without a word must not keep us for ever. Two hours is the kernel's own default (tcp(7)).
    socket.setKeepAlive(true, KEEP_ALIVE);
    return socket;
  } catch {
    throw new Death('system', { what: `use fd ${options.fd}`, reason: 'neither a socket nor a pipe' });
  }
}

const isSocket = (fd: 0 | 1): boolean => fstatSync(fd).isSocket();

/** Per process, as the descriptors are. */
const gone = new Set<number>();

/**
 * libuv never closes a descriptor below 3, so that destroying the handle is not enough. The number is filled again at
 * once: a file opened later must not become our fd 1.
 */
function closeDescriptor(fd: 0 | 1, handle: Socket): void {
  if (gone.has(fd)) return;
  gone.add(fd);
  handle.destroy();
  closeSync(fd);
  openSync('/dev/null', 'r+');
}

/** Milliseconds. */
const KEEP_ALIVE = 7_200_000;

/** Bytes read at most after the end; more than a kernel holds for a socket whose peer has gone (tcp_rmem, 6 MiB). */
const LEFT_OVER = 16_777_216;

/** Bytes read at a time after the end. */
const READ_SIZE = 65_536;
