import { readdirSync, realpathSync, truncateSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Direction } from './results.ts';

/** What prog is to do: send back what it gets, or carry many bytes one way. */
export type Task = 'echo' | 'carry';

/** Where a contender is to listen, and with what. `KEYFILE` and `CERTFILE` are in its environment too. */
export interface Place {
  readonly port: number;
  /** For its files; also its working directory. */
  readonly directory: string;
  readonly keyFile: string;
  readonly certFile: string;
  /** Leaf and intermediate. */
  readonly chainFile: string;
}

/** What the client says and expects before and after the bytes of a bulk run. */
export interface Talk {
  readonly greeting: string;
  readonly request: string;
  readonly farewell: string;
}

/** A program that puts TLS before a prog; or does as if, when it cannot. */
export interface Contender {
  readonly id: string;
  readonly label: string;
  /** How it is run, in a line. */
  readonly about: string;
  /** What has to be on PATH, or a path. */
  readonly program: string;
  /** False: plain TCP. */
  readonly tls: boolean;
  /** Whether one process serves all connections. */
  readonly resident: boolean;
  /** The command that serves the connection on descriptors 0 and 1, of those that need a super-server. */
  readonly perConnection?: (prog: readonly string[], place: Place) => readonly string[];
  /** The command that listens on `place.port`. */
  readonly listen: (task: Task, prog: readonly string[], place: Place) => readonly string[];
  /** Its answer to a line, if that is not the line. */
  readonly answer?: (line: string) => string;
  /** How to ask it for bytes, if it has no prog for that; undefined: it cannot. */
  readonly talk?: (direction: Direction, bytes: number, directory: string) => Talk | undefined;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const OURS = here('../dist/s6-tlsd.cjs');

/** The `s6-tlsd` on PATH that is not ours: ours is a link to a file of JavaScript. */
const reference = (): string =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((directory) => listing(directory).includes('s6-tlsd'))
    .map((directory) => join(directory, 's6-tlsd'))
    .find((path) => !realpathSync(path).endsWith('.cjs')) ?? 's6-tlsd of s6-networking';

function listing(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return []; // PATH may name what does not exist
  }
}

/** One that serves a connection on descriptors 0 and 1, under tcpserver without its look-ups. */
export const underTcpserver = (
  contender: Omit<Contender, 'listen' | 'resident' | 'tls'> & Required<Pick<Contender, 'perConnection'>>,
): Contender => ({
  ...contender,
  tls: true,
  resident: false,
  listen: (_, prog, place) => [...tcpserver(place), ...contender.perConnection(prog, place)],
});

const tcpserver = ({ port }: Place): readonly string[] => [
  'tcpserver',
  ...['-q', '-H', '-R', '-l0', '-c', '100', '127.0.0.1', String(port)],
];

const socat = (
  facts: Pick<Contender, 'id' | 'label' | 'about'>,
  options: readonly string[],
  address: string,
): Contender => ({
  ...facts,
  program: 'socat',
  tls: true,
  resident: false,
  listen: (_, prog, { port, chainFile, keyFile }) => [
    'socat',
    ...options,
    `OPENSSL-LISTEN:${port},bind=127.0.0.1,reuseaddr,fork,cert=${chainFile},key=${keyFile},verify=0${address}`,
    `EXEC:${prog.join(' ')}`,
  ],
});

/** Writes a configuration of stunnel, and gives its path. */
function stunnelConf(
  { directory, chainFile, keyFile }: Place,
  prog: readonly string[],
  lines: readonly string[],
): string {
  const [program = ''] = prog;
  const path = join(directory, `stunnel-${lines.length > 0 ? 'daemon' : 'inetd'}-${program.replaceAll('/', '-')}.conf`);
  const common = [`cert = ${chainFile}`, `key = ${keyFile}`, `exec = ${program}`, `execArgs = ${prog.join(' ')}`];
  writeFileSync(path, ['foreground = yes', 'syslog = no', 'debug = err', ...lines, ...common, ''].join('\n'));
  return path;
}

/** All of them, in the order of the tables. */
export const CONTENDERS: readonly Contender[] = [
  underTcpserver({
    id: 's6-tlsd',
    label: '**s6-tlsd**',
    about: '`s6-tlsd -S prog` of this project, under tcpserver',
    program: OURS,
    perConnection: (prog) => [OURS, '-S', ...prog],
  }),
  underTcpserver({
    id: 'naive-inetd',
    label: 'naive Node, inetd-style',
    about: '[naive-inetd.mjs](../bench/naive-inetd.mjs) under tcpserver',
    program: here('naive-inetd.mjs'),
    perConnection: (prog) => [here('naive-inetd.mjs'), ...prog],
  }),
  {
    id: 'naive-resident',
    label: 'naive Node, resident',
    about: '[naive-resident.mjs](../bench/naive-resident.mjs)',
    program: here('naive-resident.mjs'),
    tls: true,
    resident: true,
    listen: (_, prog, { port }) => [here('naive-resident.mjs'), String(port), ...prog],
  },
  underTcpserver({
    id: 's6-networking',
    label: 'reference s6-tlsd',
    about: '`s6-tlsd -S prog` of s6-networking, under tcpserver',
    program: reference(),
    perConnection: (prog) => [reference(), '-S', ...prog],
  }),
  underTcpserver({
    id: 'stunnel-inetd',
    label: 'stunnel, inetd',
    about: 'stunnel with `exec`, under tcpserver',
    program: 'stunnel',
    perConnection: (prog, place) => ['stunnel', stunnelConf(place, prog, [])],
  }),
  {
    id: 'stunnel',
    label: 'stunnel, daemon',
    about: 'stunnel with `accept` and `exec`, a thread for each connection',
    program: 'stunnel',
    tls: true,
    resident: true,
    listen: (_, prog, place) => [
      'stunnel',
      stunnelConf(place, prog, ['pid =', '[prog]', `accept = 127.0.0.1:${place.port}`]),
    ],
  },
  socat(
    {
      id: 'socat',
      label: 'socat',
      about: '`socat OPENSSL-LISTEN:…,fork EXEC:prog`, which forks for each connection; its defaults otherwise',
    },
    [],
    '',
  ),
  socat(
    {
      id: 'socat-tuned',
      label: 'socat, tuned',
      about: '`socat -b 65536 OPENSSL-LISTEN:…,fork,nodelay EXEC:prog`',
    },
    ['-b', '65536'],
    ',nodelay',
  ),
  {
    id: 's_server',
    label: 'openssl s_server',
    about:
      '`openssl s_server`, which has no prog: `-rev` sends lines back reversed, `-HTTP` a file; one connection at a time',
    program: 'openssl',
    tls: true,
    resident: true,
    listen: (task, _, { port, certFile, chainFile, keyFile }) => {
      const how = task === 'echo' ? ['-rev'] : ['-HTTP', '-quiet'];
      const identity = ['-cert', certFile, '-cert_chain', chainFile, '-key', keyFile];
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
  },
  {
    id: 'plain',
    label: 'no TLS',
    about: '`prog` under tcpserver: the floor',
    program: 'tcpserver',
    tls: false,
    resident: false,
    listen: (_, prog, place) => [...tcpserver(place), ...prog],
  },
];
