import { Buffer } from 'node:buffer';
import { systemError } from '../messages.ts';
import { loadKoffi, nativeReason, type Koffi, type NativeFunction } from './koffi.ts';

/**
 * Sends one datagram to a Unix socket, given by its path, or by `@name` when it is abstract. Does not wait: a receiver whose queue is
 * full is an error.
 *
 * @throws Error with the system's reason when it could not be sent.
 */
export type SendDatagram = (address: string, text: string) => void;

/** socket(2) and sendto(2), or the reason why this machine does not offer them to us. */
export type Datagrams = { readonly sendDatagram: SendDatagram } | { readonly reason: string };

/** Finds socket(2) and sendto(2) through koffi, an optional dependency: Node has datagrams for UDP only. */
export const loadDatagrams = (): Datagrams => {
  if (process.platform !== 'linux') return { reason: `not tried on ${process.platform}` };
  try {
    const koffi = loadKoffi() as KoffiWithErrno;
    const program = koffi.load(null);
    const functions = {
      socket: program.func('int socket(int, int, int)'),
      sendto: program.func('long sendto(int, const void *, size_t, int, const void *, uint32_t)'),
      close: program.func('int close(int)'),
      errno: () => koffi.errno(),
    };
    return { sendDatagram: (address, text) => send(functions, socketAddress(address), Buffer.from(text)) };
  } catch (error) {
    return { reason: nativeReason(error) };
  }
};

interface KoffiWithErrno extends Koffi {
  errno(): number;
}

interface Functions {
  readonly socket: NativeFunction;
  readonly sendto: NativeFunction;
  readonly close: NativeFunction;
  readonly errno: () => number;
}

const send = ({ socket, sendto, close, errno }: Functions, address: Buffer, text: Buffer): void => {
  const fd = Number(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (fd < 0) throw systemError(errno());
  const sent = Number(sendto(fd, text, text.length, MSG_DONTWAIT | MSG_NOSIGNAL, address, address.length));
  const failure = sent < 0 ? errno() : 0; // Before close(2), which may set it.
  close(fd);
  if (failure !== 0) throw systemError(failure);
};

/** `struct sockaddr_un` of unix(7). An abstract name begins with a NUL and ends with the address; a path ends with one. */
const socketAddress = (address: string): Buffer => {
  const abstract = address.startsWith('@');
  const path = abstract ? `\0${address.slice(1)}` : `${address}\0`;
  const family = Buffer.from(new Uint16Array([AF_UNIX]).buffer);
  return Buffer.concat([family, Buffer.from(path)]);
};

/** sys/socket.h of Linux, the same on every architecture that Node runs on. */
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
