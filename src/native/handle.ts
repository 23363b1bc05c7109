import type { Socket } from 'node:net';

/**
 * Node's own object for what a Socket reads and writes: a TCP or a Pipe. Node (20 to 24) has no public way to any of this; here is the one
 * place that goes the other way.
 */
export interface Handle {
  /** The descriptor; -1 once it is closed. */
  readonly fd: number;
  /** Stops a Socket that Node has just made, and made to read, before it does so: in the very turn of the event loop. */
  readStop(): void;
  /** 0 when `oncomplete` will tell, an error below 0, or 1 when it is done. */
  shutdown(request: { oncomplete(status: number): void }): number;
}

/** `undefined` once the socket is closed, or {@link takeHandle} has taken it. */
export const handleOf = (socket: Socket): Handle | undefined => (socket as unknown as Owner)._handle ?? undefined;

/** Takes it away from a socket, which has nothing to read or to close then. */
export const takeHandle = (socket: Socket): Handle => {
  const handle = handleOf(socket);
  if (handle === undefined) throw new Error('the connection has gone to somebody else');
  (socket as unknown as Owner)._handle = null;
  return handle;
};

interface Owner {
  _handle?: Handle | null;
}
