import { setImmediate } from 'node:timers/promises';
import type { Socket } from 'node:net';
import type { Sender } from './wire.ts';

// Ways for ciphertext to go out; see `Peer.sendBy`.

/** One byte a segment: the sockets of a peer have TCP_NODELAY. */
export const oneByOne: Sender = async (ciphertext, output) => {
  for (const byte of ciphertext) {
    await written(output, Buffer.of(byte));
    await setImmediate();
  }
};

/** After so many bytes comes FIN or RST, and nothing more, whatever the engine still says; `then` is called. */
export const cutAfter = (bytes: number, by: 'FIN' | 'RST', then: () => void): Sender => {
  let left = bytes;
  let isCut = false;
  return async (ciphertext, output) => {
    if (isCut) return;
    if (ciphertext.length < left) {
      left -= ciphertext.length;
      await written(output, ciphertext);
      return;
    }
    isCut = true;
    await written(output, ciphertext.subarray(0, left));
    if (by === 'RST') output.resetAndDestroy();
    else output.end();
    then();
  };
};

/** Resolves when the kernel has taken them, or never will: how a connection ended is seen by reading. */
const written = (output: Socket, bytes: Buffer): Promise<void> =>
  new Promise((resolve) => output.write(bytes, () => resolve()));
