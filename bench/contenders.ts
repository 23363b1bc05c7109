import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tcpserver, underTcpserver, type Contender } from './contender.ts';
import { S_SERVER, socat, stunnelConf, stunnelDaemon } from './foreign.ts';
import { RESIDENT } from './results.ts';
import { whereIs } from './where-is.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const OURS = here('../dist/s6-tlsd.cjs');
const OUR_SERVER = here('../dist/s6-tlsserver.cjs');
const NAIVE_INETD = here('naive-inetd.mjs');
const NAIVE_RESIDENT = here('naive-resident.mjs');

/** The `s6-tlsd` on PATH that is not ours, which is a link to a file of JavaScript. */
const REFERENCE = whereIs('s6-tlsd').find((path) => !realpathSync(path).endsWith('.cjs')) ?? 's6-tlsd of s6-networking';

/** The resident server of this project. Its bound on connections is out of the way of what is measured. */
const tlsserver = (
  facts: Pick<Contender, 'id' | 'label' | 'about' | 'processes'>,
  options: readonly string[] = [],
): Contender => ({
  ...facts,
  programs: [OUR_SERVER],
  tls: true,
  resident: true,
  impatient: (milliseconds) => tlsserver(facts, [...options, '-K', String(milliseconds)]),
  listen: (_, prog, { port }) => [OUR_SERVER, '-S', '-c', '2000', ...options, '127.0.0.1', String(port), ...prog],
});

/** All of them, in the order of the tables. */
export const CONTENDERS: readonly Contender[] = [
  underTcpserver({
    id: 's6-tlsd',
    label: 's6-tlsd',
    about: '`s6-tlsd -S prog` of this project, under tcpserver',
    programs: [OURS],
    perConnection: (prog) => [OURS, '-S', ...prog],
  }),
  tlsserver({ id: RESIDENT, label: 's6-tlsserver', about: '`s6-tlsserver -S` of this project' }),
  tlsserver(
    {
      id: 's6-tlsserver-w2',
      label: 's6-tlsserver -w 2',
      about: '`s6-tlsserver -S -w 2`: two workers behind the process that accepts',
      processes: 3,
    },
    ['-w', '2'],
  ),
  underTcpserver({
    id: 'naive-inetd',
    label: 'naive Node, inetd-style',
    about: '[naive-inetd.mjs](../bench/naive-inetd.mjs) under tcpserver',
    programs: [NAIVE_INETD],
    perConnection: (prog) => [NAIVE_INETD, ...prog],
  }),
  {
    id: 'naive-resident',
    label: 'naive Node, resident',
    about: '[naive-resident.mjs](../bench/naive-resident.mjs)',
    programs: [NAIVE_RESIDENT],
    tls: true,
    resident: true,
    listen: (_, prog, { port }) => [NAIVE_RESIDENT, String(port), ...prog],
  },
  underTcpserver({
    id: 's6-networking',
    label: 'reference s6-tlsd',
    about: '`s6-tlsd -S prog` of s6-networking, under tcpserver',
    programs: [REFERENCE],
    perConnection: (prog) => [REFERENCE, '-S', ...prog],
  }),
  underTcpserver({
    id: 'stunnel-inetd',
    label: 'stunnel, inetd',
    about: 'stunnel with `exec`, under tcpserver',
    programs: ['stunnel'],
    perConnection: (prog, place) => ['stunnel', stunnelConf(place, prog)],
  }),
  stunnelDaemon(),
  socat({ id: 'socat', label: 'socat', about: '`socat OPENSSL-LISTEN:…,fork EXEC:prog`, its defaults otherwise' }),
  socat({
    id: 'socat-tuned',
    label: 'socat, tuned',
    about: '`socat -b 65536 OPENSSL-LISTEN:…,fork,nodelay EXEC:prog`',
    options: ['-b', '65536'],
    address: ',nodelay',
  }),
  S_SERVER,
  {
    id: 'plain',
    label: 'no TLS',
    about: '`prog` under tcpserver: the floor',
    programs: ['tcpserver'],
    tls: false,
    resident: false,
    listen: (_, prog, place) => [...tcpserver(place), ...prog],
  },
];
