import { truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Contender, Place, Prog } from './contender.ts';

/** socat, which forks for each connection. */
export const socat = ({ options = [], address = '', ...facts }: Socat): Contender => ({
  ...facts,
  programs: ['socat'],
  tls: true,
  resident: false,
  listen: (_, prog, { port, chainFile, keyFile }) => [
    'socat',
    ...options,
    `OPENSSL-LISTEN:${port},bind=127.0.0.1,reuseaddr,fork,cert=${chainFile},key=${keyFile},verify=0${address}`,
    `EXEC:${prog.join(' ')}`,
  ],
});

interface Socat extends Pick<Contender, 'id' | 'label' | 'about'> {
  readonly options?: readonly string[];
  /** More options of the address, each after a comma. */
  readonly address?: string;
}

/**
 * Writes a configuration of stunnel, and gives its path.
 *
 * @param service a section's lines; without them stunnel serves the connection on descriptor 0.
 */
export function stunnelConf(
  { directory, chainFile, keyFile }: Place,
  prog: Prog,
  service: readonly string[] = [],
): string {
  const path = join(directory, `stunnel-${service.length > 0 ? 'daemon' : 'inetd'}-${basename(prog[0])}.conf`);
  const identity = [`cert = ${chainFile}`, `key = ${keyFile}`];
  const command = [`exec = ${prog[0]}`, `execArgs = ${prog.join(' ')}`];
  const all = ['foreground = yes', 'syslog = no', 'debug = crit', ...service, ...identity, ...command, ''];
  writeFileSync(path, all.join('\n'));
  return path;
}

/** stunnel as a daemon. */
export const stunnelDaemon = (limits: readonly string[] = []): Contender => ({
  id: 'stunnel',
  label: 'stunnel, daemon',
  about: 'stunnel with `accept` and `exec`, a thread for each connection',
  programs: ['stunnel'],
  tls: true,
  resident: true,
  impatient: (milliseconds) => stunnelDaemon([`TIMEOUTbusy = ${Math.ceil(milliseconds / 1000)}`]),
  listen: (_, prog, place) => [
    'stunnel',
    stunnelConf(place, prog, ['pid =', '[prog]', `accept = 127.0.0.1:${place.port}`, ...limits]),
  ],
});

/** `openssl s_server`: it runs no prog, but can answer by itself. */
export const S_SERVER: Contender = {
  id: 's_server',
  label: 'openssl s_server',
  about: '`openssl s_server`: no prog; `-rev` sends lines back reversed, `-HTTP` a file; one connection at a time',
  programs: ['openssl'],
  tls: true,
  resident: true,
  oneAtATime: true,
  listen: (task, _, { port, certFile, chainFile, keyFile }) => {
    const identity = ['-cert', certFile, '-cert_chain', chainFile, '-key', keyFile];
    const how = task === 'echo' ? ['-rev'] : ['-HTTP', '-quiet'];
    return ['openssl', 's_server', '-accept', `127.0.0.1:${port}`, ...how, ...identity];
  },
  answer: (line) => `${Array.from(line.trimEnd()).reverse().join('')}\n`,
  talk: (direction, bytes, directory) => {
    if (direction === 'up') return undefined; // it prints what it gets, and does not answer
    // A space that was never written is zeros, and takes no room.
    const name = `zeros-${bytes}`;
    writeFileSync(join(directory, name), '');
    truncateSync(join(directory, name), bytes);
    return { greeting: '', request: `GET /${name} HTTP/1.0\r\n\r\n`, farewell: '' };
  },
};
