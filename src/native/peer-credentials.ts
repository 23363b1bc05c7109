import type { Socket } from 'node:net';
import { loadKoffi, type NativeFunction } from './koffi.ts';
import { descriptorOf } from './descriptor-of.ts';

/** Who called connect(2) on a Unix socket: its effective uid and gid at that moment. */
export interface PeerCredentials {
  readonly uid: number;
  readonly gid: number;
}

/** Asks the kernel by SO_PEERCRED (unix(7)); `undefined` without koffi, or when it does not answer. */
export const peerCredentials = (socket: Socket): PeerCredentials | undefined => {
  const fd = descriptorOf(socket);
  getsockopt ??= load();
  if (fd === undefined || getsockopt === 'none') return undefined;
  const ucred = new Uint32Array(3);
  const length = new Uint32Array([ucred.byteLength]);
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, ucred, length) !== 0) return undefined;
  const [, uid = 0, gid = 0] = ucred;
  return { uid, gid };
};

const load = (): NativeFunction | 'none' => {
  try {
    return loadKoffi().load(null).func('int getsockopt(int, int, int, void *, void *)');
  } catch {
    return 'none'; // Why koffi is missing is told where prog's pipes are made.
  }
};

let getsockopt: NativeFunction | 'none' | undefined;

/** asm/socket.h of Linux; PowerPC has numbers of its own. */
const SOL_SOCKET = 1;
const SO_PEERCRED = process.arch === 'ppc64' ? 21 : 17;
