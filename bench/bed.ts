import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { certificates } from '../test/fixtures/certificates.ts';
import type { Place } from './contender.ts';
import { opensslConfiguration, type Suite } from './suites.ts';

/** What all servers and clients of a run have in common. */
export interface Bed extends Omit<Place, 'port'> {
  /** The certificate that a client must see. */
  readonly certificate: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The interpreter that runs client.py. */
  readonly python: string;
  /** A file for OPENSSL_CONF. */
  readonly configurationOf: (suite: Suite) => string;
  /** An empty file for Node to run. */
  readonly emptyFile: string;
  /** A file that lets Node wait until it is killed. */
  readonly waitingFile: string;
}

/** A throw-away certificate (ECDSA, P-256) in a temporary directory, which is removed when the process exits. */
export function makeBed(): Bed {
  const directory = mkdtempSync(join(tmpdir(), 'marble-tls-bench-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
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
    python: interpreter(),
    configurationOf: (suite) => file(`${suite.name}.cnf`, opensslConfiguration(suite)),
    emptyFile: file('empty.cjs', ''),
    waitingFile: file('waiting.cjs', "process.stdout.write('here');setInterval(() => undefined, 1e9);"),
  };
}

/** The interpreter itself: what is on PATH may be a script that looks for it. */
function interpreter(): string {
  const { stdout } = spawnSync('python3', ['-c', 'import ssl, sys; print(sys.executable)'], { encoding: 'utf8' });
  if (!stdout) throw new Error('the client needs python3 with its module ssl on PATH');
  return stdout.trim();
}
