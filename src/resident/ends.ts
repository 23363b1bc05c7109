import type { Socket } from 'node:net';
import { peerCredentials, type PeerCredentials } from '../native/peer-credentials.ts';

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
 * Who is connected with whom. To be asked at once: the kernel forgets the address of a peer that resets the connection (getpeername(2)
 * fails with ENOTCONN), which can happen before accept(2), and then this is `undefined`: there is nobody to serve.
 *
 * @param path what a Unix socket is bound to; `undefined` for TCP.
 */
export const endsOf = (socket: Socket, path: string | undefined): Ends | undefined => {
  if (path !== undefined) return { kind: 'unix', path, peer: peerCredentials(socket) };
  const remote = endpoint(socket.remoteAddress, socket.remotePort);
  const local = endpoint(socket.localAddress, socket.localPort);
  return remote === undefined || local === undefined ? undefined : { kind: 'tcp', remote, local };
};

const endpoint = (ip: string | undefined, port: number | undefined): Endpoint | undefined =>
  ip === undefined || port === undefined ? undefined : { ip: ip.replace(MAPPED, ''), port };

/** What IPv4 clients of a socket for both families look like (RFC 4291, 2.5.5.2); to prog they are IPv4. */
const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;
