import type { Socket } from 'node:net';
import { takeHandle } from '../native/handle.ts';
import { readSocket } from '../read-socket.ts';
import type { Network } from './network.ts';
import { networkOver, tuned } from './sockets.ts';

/**
 * The network over a socket that was accepted and not read from; takes the connection away from `accepted`.
 *
 * Theory of operation. A Socket that net.Server or a process channel has made reads in Node's way: its handle is put into one that
 * reads in ours. Node destroys it, and with it the descriptor, when a write fails (Node 20, lib/net.js and
 * lib/internal/stream_base_commons.js, `onWriteComplete`), before it tells anybody: so what the kernel still has is read as the first step
 * of that.
 */
export function acceptedNetwork(accepted: Socket): Network {
  const handle = takeHandle(accepted);
  const socket = tuned(readSocket({ handle, allowHalfOpen: true } as object, 'lent'));
  const network = networkOver({
    input: socket,
    output: socket,
    fd: () => handle.fd,
    ended: () => undefined,
    close: () => socket.destroy(),
  });
  socket.on('error', (error) => (isOfReading(error) ? network.readFailed(error) : network.writeFailed(error)));
  const destroy = socket._destroy.bind(socket);
  socket._destroy = (error, callback) => {
    if (error !== null && !isOfReading(error)) network.salvage();
    destroy(error, callback);
  };
  return network;
}

const isOfReading = (error: NodeJS.ErrnoException): boolean => error.syscall === 'read';
