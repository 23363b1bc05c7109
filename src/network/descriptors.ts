import { closeSync, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { readSocket } from '../read-socket.ts';
import { Death } from '../messages.ts';
import type { Network } from './network.ts';
import { networkOver, tuned } from './sockets.ts';

/**
 * Opens fd 0 and fd 1, as tcpserver and friends set them up.
 *
 * Each has a handle of its own, also when both are the same socket: Node destroys the handle of a failed write, and fd 0 is to be read
 * on then.
 *
 * @throws Death 111 when one of them is neither a socket nor a pipe.
 */
export function openNetwork(): Network {
  const input = openDescriptor({ fd: 0, readable: true, writable: false });
  const output = openDescriptor({ fd: 1, readable: false, writable: true });
  const network = networkOver({
    input,
    output,
    fd: () => 0,
    ended() {
      // A pipe has no half-close: its reader sees EOF only when the descriptor is gone.
      if (!fstatSync(1).isSocket()) closeDescriptor(1, output);
    },
    close() {
      closeDescriptor(0, input);
      closeDescriptor(1, output);
    },
  });
  input.on('error', network.readFailed);
  output.on('error', network.writeFailed);
  return network;
}

function openDescriptor(options: { fd: 0 | 1; readable: boolean; writable: boolean }): Socket {
  try {
    const all = { ...options, allowHalfOpen: true };
    return tuned(options.readable ? readSocket(all, 'lent') : new Socket(all));
  } catch {
    throw new Death('system', { what: `use fd ${options.fd}`, reason: 'neither a socket nor a pipe' });
  }
}

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
