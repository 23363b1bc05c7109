import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificates, type Issued } from '../../fixtures/certificates.ts';
import type { Live } from './live.ts';
import type { Peer } from './peer.ts';
import type { Resident } from './resident.ts';
import { traceDirectory } from './traced.ts';

// Key files that change while s6-tlsserver runs.

const DIRECTORY = traceDirectory();

/** A pair in a place of its own, readable for its owner only. */
export class KeyFiles {
  readonly directory = mkdtempSync(join(DIRECTORY, 'pair-'));
  readonly env = { KEYFILE: join(this.directory, 'key.pem'), CERTFILE: join(this.directory, 'cert.pem') };

  constructor(pair: Issued) {
    this.become(pair);
  }

  /** Both at once, as far as a reader can tell of each. */
  become({ key, cert }: Pick<Issued, 'key' | 'cert'>): void {
    this.write('KEYFILE', key);
    this.write('CERTFILE', cert);
  }

  /** Takes the place of what is there, whatever it is. */
  write(which: 'KEYFILE' | 'CERTFILE', content: string): void {
    const path = this.env[which];
    writeFileSync(`${path}.new`, content, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }

  /** Makes a FIFO of it: whoever reads it waits for somebody who writes. */
  makeFifo(which: 'KEYFILE' | 'CERTFILE'): void {
    const path = this.env[which];
    execFileSync('mkfifo', ['-m', '600', `${path}.new`]);
    renameSync(`${path}.new`, path);
  }

  read(which: 'KEYFILE' | 'CERTFILE'): string {
    return readFileSync(this.env[which], 'latin1');
  }
}

/** Two pairs of different names. */
export const [OLD, NEW] = certificates().sni;

/** SIGHUP, and the line that answers it; gives that. */
export const reload = async (server: Resident): Promise<string> => {
  const answers = (): readonly string[] => server.stderr.match(ANSWER) ?? [];
  const before = answers().length;
  server.signal('SIGHUP');
  await server.says(new RegExp(`(?:[^]*: the keys (?:were|stay) .*\\n){${before + 1}}`));
  return answers().at(-1) ?? '';
};

const ANSWER = /^s6-tlsserver: (?:info|warning): the keys .*\n/gm;

export const RELOADED = 's6-tlsserver: info: the keys were read again\n';

/** The name in the certificate that the server shows. */
export const nameSeen = (peer: Peer): string => String(peer.tls.getPeerCertificate().subject.CN);

/** Connects, and leaves again; gives that name. */
export const nameShown = async (live: Live, server: Resident, servername?: string): Promise<string> => {
  const peer = await live.join(server.port, servername === undefined ? {} : { servername });
  const name = nameSeen(peer);
  peer.fin();
  await peer.ended();
  return name;
};
