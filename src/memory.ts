import { Buffer } from 'node:buffer';

/** Bytes in one piece. */
export const PIECE = 1_048_576;

/**
 * A piece of memory for bytes on their way. Such memory is used again, instead of left to the garbage collector: V8 lets 32 MiB of dead
 * buffers pile up before it looks for them, and fresh memory costs a page fault every 4 KiB. It comes back by
 * {@link giveBack}; if nobody gives it back, it is the collector's.
 */
export const borrow = (): Buffer => {
  const piece = free.pop() ?? Buffer.allocUnsafeSlow(PIECE);
  lent.set(piece.buffer, piece);
  return piece;
};

/**
 * Says that nobody looks at a chunk any more, which may lie in a borrowed piece or in any other memory. Only for who has
 * just handed it to OpenSSL or to the kernel, as the last one.
 */
export const giveBack = (chunk: Uint8Array): void => {
  const piece = lent.get(chunk.buffer);
  if (piece === undefined) return;
  lent.delete(chunk.buffer);
  if (free.length < MOST_FREE) free.push(piece);
};

const free: Buffer[] = [];
const lent = new WeakMap<ArrayBufferLike, Buffer>();

/** Pieces. */
const MOST_FREE = 4;
