import type { Death } from '../messages.ts';
import { usageDeath } from '../options/command.ts';
import { S6_TLSSERVER } from '../options/s6-tlsserver.ts';

/** Where connections come from. */
export type Where =
  /** A name, an IPv4 or an IPv6 address; port 0 is any that is free. */
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  /** The path of a Unix socket. */
  | { readonly kind: 'unix'; readonly path: string }
  /** The sockets that systemd hands over: sd_listen_fds(3). */
  | { readonly kind: 'inherited' };

/** What the words after the options ask for. */
export interface Words {
  readonly where: Where;
  readonly prog: readonly [string, ...string[]];
}

/**
 * Reads the words after the options: `host port prog…`, `/path prog…` or `- prog…`. What follows the place is prog's and is not
 * looked at.
 *
 * Host `0` is every IPv4 address, as for tcpserver, and `::` every address, IPv4 included. A host with a `/` in it is a path.
 *
 * @throws Death 100 with what is missing or makes no sense.
 */
export const parseWords = ([host, ...rest]: readonly string[]): Words => {
  if (host === undefined) throw refused('no host');
  if (host === '') throw refused('the host is empty');
  if (host === '-') return { where: { kind: 'inherited' }, prog: progOf(rest) };
  if (host.includes('/')) return { where: { kind: 'unix', path: pathOf(host) }, prog: progOf(rest) };
  const [port, ...prog] = rest;
  return { where: { kind: 'tcp', host: host === '0' ? '0.0.0.0' : host, port: portOf(port) }, prog: progOf(prog) };
};

const progOf = ([file, ...args]: readonly string[]): Words['prog'] => {
  if (file === undefined) throw refused('no program to run');
  return [file, ...args];
};

const portOf = (word: string | undefined): number => {
  if (word === undefined) throw refused('no port');
  if (!/^[0-9]+$/.test(word)) throw refused(`the port is not a number: ${word === '' ? 'nothing' : word}`);
  if (Number(word) > MOST_PORTS) throw refused(`port ${word} is more than ${MOST_PORTS}`);
  return Number(word);
};

const pathOf = (word: string): string => {
  const length = new TextEncoder().encode(word).length;
  if (length > SUN_PATH) {
    throw refused(`the path of the socket has ${length} bytes, more than ${SUN_PATH}: ${word}`);
  }
  // prog gets it in its environment.
  if (/\p{Cc}/u.test(word)) throw refused(`the path of the socket has a control character: ${word}`);
  return word;
};

const refused = (reason: string): Death => usageDeath(S6_TLSSERVER, reason);

const MOST_PORTS = 65_535;

/** Bytes: `sun_path` of unix(7), without the NUL. Longer ones libuv cuts off, or refuses, depending on its version. */
const SUN_PATH = 107;
