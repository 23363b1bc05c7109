import { Buffer } from 'node:buffer';
import { Socket, type SocketConstructorOpts } from 'node:net';
import { borrow, giveBack, PIECE } from './memory.ts';

/**
 * A Socket on a descriptor that reads up to {@link PIECE} bytes at a time, instead of Node's 64 KiB. Paused until it is told to resume.
 * Every event is as ever, except that nothing is ever buffered in it.
 *
 * - `lent`: a chunk is valid until its listeners return; all such sockets share one piece of memory.
 * - `kept`: a chunk is valid until {@link giveBack}. A small one is a copy, so that a piece holds at least half of what it can.
 *
 * `call` is called once, before the first chunk of `atLeast` bytes.
 *
 * Theory of operation. `onread` is for `net.connect` (Node 20, "socket.connect(options)"), which hands its options to this constructor.
 * It takes the place of the Readable: what is read goes to the callback only, and pause and resume stop and start the handle.
 */
export function readSocket(
  options: SocketConstructorOpts,
  chunks: 'lent' | 'kept',
  { atLeast, call }: { readonly atLeast: number; readonly call: () => void } = NEVER,
): Socket {
  let called = false;
  const { memory, chunkOf } = chunks === 'lent' ? SHARED : growing();
  const onread = {
    buffer: memory,
    callback: (length: number, into: Uint8Array): boolean => {
      if (length >= atLeast && !called) {
        called = true;
        call();
      }
      socket.emit('data', chunkOf(length, into));
      return true;
    },
  };
  const socket: Socket = new Socket({ ...options, onread } as SocketConstructorOpts);
  return socket.pause();
}

const NEVER = { atLeast: Infinity, call: (): void => undefined };

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

/**
 * Small chunks are read into the shared memory and copied: a connection that waits holds none. After a large one comes a piece of its
 * own, which need not be copied. The shared memory itself is never passed on: the other sockets have its address.
 */
const growing = (): Memory => {
  let own = false;
  return {
    memory: () => (own ? borrow() : SHARED.memory()),
    chunkOf: (length, into) => {
      const large = length >= PIECE / 2;
      const passedOn = own && large;
      const chunk = passedOn ? into.subarray(0, length) : copyOf(into, length, large);
      if (own && !large) giveBack(into);
      own = large;
      return chunk;
    },
  };
};

const copyOf = (bytes: Uint8Array, length: number, large: boolean): Uint8Array => {
  if (!large) return Uint8Array.prototype.slice.call(bytes, 0, length);
  const piece = borrow();
  piece.set(bytes.subarray(0, length));
  return piece.subarray(0, length);
};
