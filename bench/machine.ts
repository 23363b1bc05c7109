import { spawnSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';
import type { Machine } from './results.ts';

/** What this machine is, and which versions of the programs are on it. */
export const machine = (): Machine => ({
  date: new Date().toISOString(),
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  kernel: release(),
  versions: {
    Node: `${process.versions.node}, with OpenSSL ${process.versions.openssl}`,
    ...Object.fromEntries(
      VERSIONS.flatMap(([name, line, command, ...args]) => {
        const { stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', input: '' });
        const version = line.exec(`${stdout}${stderr}`)?.[1];
        return error !== undefined || version === undefined ? [] : [[name, version]];
      }),
    ),
  },
  load: loadavg().map((average) => Math.round(average * 100) / 100),
});

const VERSIONS: readonly (readonly [name: string, version: RegExp, command: string, ...args: string[]])[] = [
  ['openssl(1)', /^OpenSSL (\S+)/m, 'openssl', 'version'],
  ['stunnel', /stunnel (\S+) on/, 'stunnel', '-version'],
  ['socat', /socat version (\S+)/, 'socat', '-V'],
  [
    'the client',
    /(.+)/,
    'python3',
    '-c',
    'import ssl, sys; print("Python", sys.version.split()[0], "with", ssl.OPENSSL_VERSION)',
  ],
];
