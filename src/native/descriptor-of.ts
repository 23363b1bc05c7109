import type { Socket } from 'node:net';
import { handleOf } from './handle.ts';

/** The number of a socket's descriptor; `undefined` when it is closed. */
export const descriptorOf = (socket: Socket): number | undefined => {
  const fd = handleOf(socket)?.fd;
  return fd !== undefined && fd >= 0 ? fd : undefined;
};
