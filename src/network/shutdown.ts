import type { Socket } from 'node:net';
import { getSystemErrorName } from 'node:util';
import { handleOf } from '../native/handle.ts';

/**
 * Tells when FIN could not be sent because there is no connection any more (ENOTCONN of shutdown(2)): the peer has reset it, and nobody
 * has read or written since. To be called before the socket's `end`.
 *
 * Node takes this for success (Node 20 to 24, lib/net.js: `Socket.prototype._final` and `afterShutdown`, which does not look at the
 * status), and libuv tells nobody of the reset of a socket that is not read. So we look at what the handle says.
 */
export function listenToShutdown(socket: Socket, failed: (error: NodeJS.ErrnoException) => void): void {
  const handle = handleOf(socket);
  if (handle === undefined) return;
  const look = (status: number): void => {
    if (status < 0 && getSystemErrorName(status) === 'ENOTCONN') {
      failed(Object.assign(new Error('the connection was reset'), { code: 'ENOTCONN', syscall: 'shutdown' }));
    }
  };
  const shutdown = handle.shutdown.bind(handle);
  handle.shutdown = (request) => {
    const complete = request.oncomplete.bind(request);
    request.oncomplete = (status) => {
      look(status);
      complete(status);
    };
    const status = shutdown(request);
    look(status);
    return status;
  };
}
