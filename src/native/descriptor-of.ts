import type { Socket } from 'node:net';

/**
 * The number of a socket's descriptor; `undefined` when it is closed. Node (20 to 24) has no public way to ask: its handle has an `fd`,
 * which is -1 once it is closed.
 */
export const descriptorOf = (socket: Socket): number | undefined => {
  const { _handle: handle } = socket as unknown as { readonly _handle?: { readonly fd?: unknown } | null };
  const fd = handle?.fd;
  return typeof fd === 'number' && fd >= 0 ? fd : undefined;
};
