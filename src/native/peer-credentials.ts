import type { Socket } from 'node:net';
import { loadKoffi, type NativeFunction } from './koffi.ts';
import { descriptorOf } from './descriptor-of.ts';

/** Who called connect(2) on a Unix socket: its effective uid and gid at that moment. */
export interface PeerCredentials {
  readonly uid: number;
  readonly gid: number;
}

/** `undefined` when the kernel does not answer, or nobody can ask it. */
export type AskPeer = (socket: Socket) => PeerCredentials | undefined;

/**
 * Finds SO_PEERCRED (unix(7)) through koffi, an optional dependency; without it nobody is known. To be called before privileges are
 * given up: koffi may be where only root can read.
 */
export const loadPeerCredentials = (): AskPeer => {
  try {
    const getsockopt = loadKoffi().load(null).func('int getsockopt(int, int, int, void *, void *)');
    return (socket) => ask(getsockopt, descriptorOf(socket));
  } catch {
    return () => undefined; // Why koffi is missing is told where prog's pipes are made.
  }
};

const ask = (getsockopt: NativeFunction, fd: number | undefined): PeerCredentials | undefined => {
  if (fd === undefined) return undefined;
  const ucred = new Uint32Array(3);
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, ucred, new Uint32Array([ucred.byteLength])) !== 0) return undefined;
  const [, uid = 0, gid = 0] = ucred;
  return { uid, gid };
};

/** asm/socket.h of Linux; PowerPC has numbers of its own. */
const SOL_SOCKET = 1;
const SO_PEERCRED = process.arch === 'ppc64' ? 21 : 17;
