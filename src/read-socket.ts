import { Buffer } from 'node:buffer';
import { Socket, type SocketConstructorOpts } from 'node:net';
import { borrow, giveBack, PIECE } from './memory.ts';

/**
 * A Socket on a descriptor that reads up to {@link PIECE} bytes at a time, instead of Node's 64 KiB. Paused until it is told to resume.
 * Every event is as ever, except that nothing is ever buffered in it.
 *
 * - `lent`: a chunk is valid until its listeners return; all such sockets share one piece of memory.
 * - `kept`: a chunk is valid until {@link giveBack}. A small one is copied, so that a piece holds at least half of what it can.
 *
 * Theory of operation. `onread` is for `net.connect` (Node 20, "socket.connect(options)"), which hands its options to this constructor.
 * It takes the place of the Readable: what is read goes to the callback only, and pause and resume stop and start the handle.
 */
export function readSocket(options: SocketConstructorOpts, chunks: 'lent' | 'kept'): Socket {
  const { memory, chunkOf } = chunks === 'lent' ? SHARED : growing();
  const onread = {
    buffer: memory,
    callback: (length: number, into: Uint8Array): boolean => {
      socket.emit('data', chunkOf(length, into));
      return true;
    },
  };
  const socket: Socket = new Socket({ ...options, onread } as SocketConstructorOpts);
  return socket.pause();
}

interface Memory {
  /** Where the next chunk goes. */
  readonly memory: () => Uint8Array;
  readonly chunkOf: (length: number, into: Uint8Array) => Uint8Array;
}

const SHARED: Memory = {
  memory: () => (shared ??= Buffer.allocUnsafeSlow(PIECE)),
  chunkOf: (length, into) => into.subarray(0, length),
};
let shared: Buffer | undefined;

/** Small memory for who says little; a piece after a chunk that filled it. */
const growing = (): Memory => {
  const small = Buffer.allocUnsafeSlow(SMALL);
  let next: Buffer | undefined = small;
  return {
    memory: () => (next ??= borrow()),
    chunkOf: (length, into) => {
      if (length >= PIECE / 2) {
        next = undefined;
        return into.subarray(0, length);
      }
      next = length === SMALL ? undefined : small;
      const copy = Uint8Array.prototype.slice.call(into, 0, length);
      giveBack(into);
      return copy;
    },
  };
};

/** Bytes. */
const SMALL = 16_384;
