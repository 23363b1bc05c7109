import type { Socket } from 'node:net';
import type { AskPeer, PeerCredentials } from '../native/peer-credentials.ts';

/** An IP address, as text, and a port. */
export interface Endpoint {
  readonly ip: string;
  readonly port: number;
}

/** The two ends of a connection, as the kernel told them when it was accepted. */
export type Ends =
  | { readonly kind: 'tcp'; readonly remote: Endpoint; readonly local: Endpoint }
  /** `peer` is missing without koffi. */
  | { readonly kind: 'unix'; readonly path: string; readonly peer: PeerCredentials | undefined };

/**
 * The ends of a TCP connection. To be asked at once: the kernel forgets the address of a peer that resets the connection (getpeername(2)
 * fails with ENOTCONN), which can happen before accept(2), and then this is `undefined`: there is nobody to serve.
 */
export const tcpEnds = (socket: Socket): Ends | undefined => {
  const remote = endpoint(socket.remoteAddress, socket.remotePort);
  const local = endpoint(socket.localAddress, socket.localPort);
  return remote === undefined || local === undefined ? undefined : { kind: 'tcp', remote, local };
};

/** The ends of the connections to a Unix socket that is bound to `path`. */
export const unixEnds =
  (path: string, ask: AskPeer) =>
  (socket: Socket): Ends => ({ kind: 'unix', path, peer: ask(socket) });

/** A peer, for people. */
export const nameOf = (ends: Ends): string => {
  if (ends.kind === 'unix') return ends.peer === undefined ? 'a local peer' : `uid ${ends.peer.uid}`;
  const { ip, port } = ends.remote;
  return `${ip.includes(':') ? `[${ip}]` : ip}:${port}`;
};

const endpoint = (ip: string | undefined, port: number | undefined): Endpoint | undefined =>
  ip === undefined || port === undefined ? undefined : { ip: ip.replace(MAPPED, ''), port };

/** What IPv4 clients of a socket for both families look like (RFC 4291, 2.5.5.2); to prog they are IPv4. */
const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;
