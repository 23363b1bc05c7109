import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { certificates } from '../test/fixtures/certificates.ts';
import type { Place } from './contenders.ts';
import { opensslConfiguration, type Suite } from './suites.ts';

/** What all servers and clients of a run have in common. */
export interface Bed extends Omit<Place, 'port'> {
  /** The certificate that a client must see. */
  readonly certificate: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The interpreter itself: what is on PATH may be a script that looks for it. */
  readonly python: string;
  /** A file for OPENSSL_CONF. */
  readonly configurationOf: (suite: Suite) => string;
  /** An empty file for Node to run. */
  readonly emptyFile: string;
  /** A file that lets Node wait until it is killed. */
  readonly waitingFile: string;
  readonly clear: () => void;
}

/** Makes a temporary directory with a throw-away certificate (ECDSA, P-256). */
export function makeBed(): Bed {
  const directory = mkdtempSync(join(tmpdir(), 'marble-tls-bench-'));
  const file = (name: string, content: string): string => {
    const path = join(directory, name);
    writeFileSync(path, content);
    return path;
  };
  const { server, chainFile } = certificates();
  const { keyFile, certFile } = server;
  return {
    directory,
    keyFile,
    certFile,
    chainFile,
    certificate: server.cert,
    environment: {
      // `env node` in a program's first line is to find this Node. Nothing else of the environment is passed on:
      // NODE_EXTRA_CA_CERTS alone would add 25 ms to every start.
      PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
      KEYFILE: keyFile,
      CERTFILE: chainFile,
    },
    python: execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim(),
    configurationOf: (suite) => file(`${suite.name}.cnf`, opensslConfiguration(suite)),
    emptyFile: file('empty.cjs', ''),
    waitingFile: file('waiting.cjs', "process.stdout.write('here');setInterval(() => undefined, 1e9);"),
    clear: () => rmSync(directory, { recursive: true, force: true }),
  };
}
