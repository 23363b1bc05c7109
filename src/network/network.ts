import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import { Observable, ReplaySubject, type Subscriber } from 'rxjs';
import { Fault, type Bytes } from '../../graph/vocabulary.ts';
import { Death } from '../messages.ts';

/** The two descriptors on which a UCSPI server meets its peer: one socket, two sockets, or two pipes. */
export interface Network {
  /**
   * Ciphertext from the peer. Completes at FIN, errors with a `reset` Fault when reading fails. One subscriber.
   * Read while {@link Network.read} was last told `true`.
   */
  readonly fromNetwork$: Observable<Bytes>;
  /** Never a value: errors with a `reset` Fault once a write has failed and all that can still be read has been read. */
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
 * a failed write what is there is read to its end, and only then the fault is told.
 *
 * @throws Death 111 when one of them is neither a socket nor a pipe.
 */
export function openNetwork(): Network {
  const input = openDescriptor({ fd: 0, readable: true, writable: false });
  const output = openDescriptor({ fd: 1, readable: false, writable: true });
  const oneSocket = isSameSocket();
  const unwritable$ = new ReplaySubject<never>(1);
  let reading = true;
  let writeFault: Fault | undefined;
  let pending = 0;
  let weLeft = false;
  let leftOver = LEFT_OVER;

  const stopReading = (): void => {
    reading = false;
    if (writeFault !== undefined) unwritable$.error(writeFault);
  };
  output.on('error', (error) => {
    if (weLeft || writeFault !== undefined) return;
    writeFault = faultOf(error);
    if (oneSocket && reading) input.resume();
    else unwritable$.error(writeFault);
  });

  return {
    fromNetwork$: new Observable((subscriber) => {
      input.on('data', (chunk) => {
        subscriber.next(chunk);
        if (writeFault !== undefined) leftOver -= chunk.length;
        if (leftOver < 0) stopReading();
      });
      input.on('end', () => {
        const fault = writeFault ?? readToTheEnd(subscriber);
        if (fault === undefined) subscriber.complete();
        else subscriber.error(fault);
        stopReading();
      });
      input.on('error', (error) => {
        subscriber.error(faultOf(error));
        stopReading();
      });
      input.pause();
    }),
    unwritable$,
    read(on) {
      if (weLeft) return;
      if (on || writeFault !== undefined) input.resume();
      else input.pause();
    },
    write(chunks, taken) {
      if (weLeft || writeFault !== undefined) return;
      pending += 1;
      output.cork();
      const last = chunks.length - 1;
      chunks.forEach((chunk, index) => {
        output.write(chunk, (error) => {
          if (index < last) return;
          pending -= 1;
          if (error == null) taken();
        });
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
 * Makes sure that an 'end' is one. libuv reports EOF when a hang-up follows a read that did not fill its buffer, without
 * reading again (Node 20, libuv `uv__stream_io`, "Short-circuit iff POLLHUP is polled"), and a reset is such a hang-up too.
 * Nothing here can block: the socket is non-blocking, and a hung-up one has no more than the kernel holds.
 */
function readToTheEnd(subscriber: Subscriber<Bytes>): Fault | undefined {
  const buffer = new Uint8Array(READ_SIZE);
  try {
    for (let length = readSync(0, buffer); length > 0; length = readSync(0, buffer)) {
      subscriber.next(buffer.slice(0, length));
    }
    return undefined;
  } catch (error) {
    return faultOf(error as Error);
  }
}

const faultOf = (error: Error): Fault => new Fault('reset', 'code' in error ? String(error.code) : error.message);

function isSameSocket(): boolean {
  const [a, b] = [fstatSync(0), fstatSync(1)];
  return a.isSocket() && a.dev === b.dev && a.ino === b.ino;
}

function openDescriptor(options: { fd: 0 | 1; readable: boolean; writable: boolean }): Socket {
  try {
    const socket = new Socket({ ...options, allowHalfOpen: true });
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

/** Bytes read at most after a failed write; more than a kernel holds for a socket whose peer has gone (tcp_rmem, 6 MiB). */
const LEFT_OVER = 16_777_216;

/** Bytes: what libuv reads at a time. */
const READ_SIZE = 65_536;
