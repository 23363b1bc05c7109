import { fstatSync, readFileSync } from 'node:fs';
import type { Environment } from '../environment/settings.ts';
import { Death } from '../messages.ts';

/**
 * The descriptors of the listening sockets that systemd has handed over (sd_listen_fds(3)), in their order: 3 and up.
 *
 * Node has made them close-on-exec when it started, as all that it inherits (`uv_disable_stdio_inheritance`).
 *
 * @param pid our own: the variables may have been meant for another process, and then passed on.
 * @throws Death 100 when there are none.
 */
export const inheritedSockets = (environment: Environment, pid: number): readonly number[] => {
  const { LISTEN_FDS: count = '', LISTEN_PID: owner = '' } = environment;
  if (count === '' || owner === '')
    throw refused(`${count === '' ? 'LISTEN_FDS' : 'LISTEN_PID'} is not set: no socket was handed over`);
  if (owner !== String(pid))
    throw refused(`LISTEN_PID is ${owner}, and we are process ${pid}: the sockets are not for us`);
  if (!/^[0-9]+$/.test(count) || Number(count) === 0) throw refused(`LISTEN_FDS is no number of sockets: ${count}`);
  return Array.from({ length: Number(count) }, (_, index) => FIRST + index);
};

/**
 * The path that an inherited Unix socket is bound to, `@name` for an abstract one; `undefined` for any other kind of socket.
 * From /proc/net/unix (proc(5)), because Node does not ask getsockname(2) for Unix sockets.
 *
 * @throws the system's error when `fd` is not open.
 */
export const pathOfInherited = (fd: number): string | undefined => {
  const inode = String(fstatSync(fd).ino);
  for (const line of readFileSync('/proc/net/unix', 'utf8').split('\n')) {
    const [, found, path] = UNIX_SOCKET.exec(line) ?? [];
    if (found === inode) return path ?? '';
  }
  return undefined;
};

const refused = (reason: string): Death => new Death('environment', { reason });

/** SD_LISTEN_FDS_START. */
const FIRST = 3;

/** Address, reference count, protocol, flags, type and state; then the inode, and the path if there is one. */
const UNIX_SOCKET = /^\w+: \w+ \w+ \w+ \w+ \w+ +(\d+)(?: (.*))?$/;
