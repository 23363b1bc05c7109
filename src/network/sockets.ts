import { readSync } from 'node:fs';
import type { Socket } from 'node:net';
import { Observable, ReplaySubject, type Subscriber } from 'rxjs';
import { Fault, type Bytes } from '../../graph/vocabulary.ts';
import type { Network } from './network.ts';
import { listenToShutdown } from './shutdown.ts';

/** What a {@link Network} is made of. */
export interface Ends {
  /** Made by `readSocket`, `lent`. */
  readonly input: Socket;
  /** May be the same. */
  readonly output: Socket;
  /** The descriptor that is read. */
  readonly fd: () => number;
  /** Called once the kernel has our FIN. */
  readonly ended: () => void;
  /** Closes both ends. */
  readonly close: () => void;
}

/** What whoever listens to the errors of the ends says. */
export interface SocketNetwork extends Network {
  readonly readFailed: (error: Error) => void;
  readonly writeFailed: (error: Error) => void;
  /** Reads what the kernel still has, whatever the demand, because the descriptor will be gone. To be called when a write has failed. */
  salvage(): void;
}

/**
 * The network over one or two sockets of Node.
 *
 * A peer that sends much and leaves without reading our answer makes writes fail while its data still waits in the kernel. So after
 * a failed write what is there is read, and only then the fault is told. A peer that stays, but reads no more, is not waited for.
 */
export function networkOver({ input, output, fd, ended, close }: Ends): SocketNetwork {
  const unwritable$ = new ReplaySubject<never>(1);
  let subscriber: Subscriber<Bytes> | undefined;
  let writeFault: Fault | undefined;
  let salvaged = false;
  let pending = 0;
  let weLeft = false;

  const inputEnded = (fault: Fault | undefined): void => {
    if (fault === undefined) subscriber?.complete();
    else subscriber?.error(fault);
    subscriber = undefined;
  };
  const salvage = (): void => {
    if (weLeft || salvaged) return;
    salvaged = true;
    input.pause();
    if (subscriber !== undefined) readOut(fd(), subscriber);
  };

  const writeFailed = (error: Error): void => {
    if (weLeft || writeFault !== undefined) return;
    salvage();
    writeFault = faultOf(error);
    inputEnded(writeFault);
    unwritable$.error(writeFault);
  };

  return {
    fromNetwork$: new Observable((only) => {
      subscriber = only;
      input.on('data', (chunk) => subscriber?.next(chunk));
      input.on('end', () => inputEnded(readOut(fd(), only)));
    }),
    unwritable$,
    read(on) {
      if (weLeft || salvaged) return;
      if (on) input.resume();
      else input.pause();
    },
    write(chunks, taken) {
      if (weLeft || salvaged) return;
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
    end(taken, fin) {
      if (weLeft || salvaged) return;
      if (fin === 'bare') listenToShutdown(output, writeFailed);
      output.end((error?: Error | null) => {
        if (error != null || writeFault !== undefined) return;
        ended();
        taken();
      });
    },
    get pending() {
      return pending > 0;
    },
    close() {
      weLeft = true;
      close();
    },
    salvage,
    readFailed: (error) => inputEnded(faultOf(error)),
    writeFailed,
  };
}

/** To be set on every TCP connection; nothing for other sockets and pipes. */
export function tuned(socket: Socket): Socket {
  // Without it some handshakes and first answers wait 40 ms: Nagle's algorithm against delayed acknowledgements.
  socket.setNoDelay(true);
  // A peer that is gone without a word must not keep us for ever. Two hours is the kernel's own default (tcp(7)).
  socket.setKeepAlive(true, KEEP_ALIVE);
  return socket;
}

/**
 * Reads what the kernel has, whoever wants it; returns why it could not go on, EAGAIN included, if not because of EOF.
 *
 * After an 'end' it makes sure that it is one. libuv reports EOF when a hang-up follows a read that did not fill its buffer,
 * without reading again (Node 20, libuv `uv__stream_io`, "Short-circuit iff POLLHUP is polled"), and a reset is such a hang-up too.
 * Nothing here can block: libuv has made the descriptor non-blocking.
 */
function readOut(fd: number, subscriber: Subscriber<Bytes>): Fault | undefined {
  const buffer = new Uint8Array(READ_SIZE);
  try {
    for (let left = LEFT_OVER; left > 0;) {
      const length = readSync(fd, buffer);
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

/** Milliseconds. */
const KEEP_ALIVE = 7_200_000;

/** Bytes read at most after the end; more than a kernel holds for a socket whose peer has gone (tcp_rmem, 6 MiB). */
const LEFT_OVER = 16_777_216;

/** Bytes read at a time after the end. */
const READ_SIZE = 65_536;
