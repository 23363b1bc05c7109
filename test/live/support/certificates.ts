import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its key, as files in PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** Throw-away certificates, made once a process and removed at its end. */
export interface Certificates {
  readonly directory: string;
  /** Self-signed, for `localhost` and 127.0.0.1. */
  readonly server: Pair;
  /** Self-signed, for `one.test`. */
  readonly one: Pair;
  /** Self-signed, for `*.wild.test`. */
  readonly wild: Pair;
  /** Signed by {@link clientAnchor}. */
  readonly client: Pair;
  /** Signed by nobody the server trusts. */
  readonly stranger: Pair;
  /** The file with the anchor that client certificates must chain to. */
  readonly clientAnchor: string;
}

export const certificates = (): Certificates => (made ??= make());

/** What a file holds, for `tls.connect`. */
export const pem = (pair: Pair): { cert: Buffer; key: Buffer } => ({
  cert: readFileSync(pair.cert),
  key: readFileSync(pair.key),
});

const make = (): Certificates => {
  const directory = mkdtempSync(join(tmpdir(), 'marble-tls-live-'));
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true });
  });
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
  };
  const pair = (name: string): Pair => ({ cert: join(directory, `${name}.pem`), key: join(directory, `${name}.key`) });
  const selfSigned = (name: string, subject: string, alternatives: string): Pair => {
    openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'],
      ...['-subj', subject, '-addext', `subjectAltName=${alternatives}`],
      ...['-keyout', `${name}.key`, '-out', `${name}.pem`],
    );
    return pair(name);
  };
  const signed = (name: string, subject: string, by: string): Pair => {
    openssl(
      ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-subj', subject, '-keyout', `${name}.key`, '-out', `${name}.csr`],
    );
    openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-CAcreateserial'],
      ...['-days', '30', '-out', `${name}.pem`],
    );
    return pair(name);
  };
  const server = selfSigned('server', '/CN=localhost', 'DNS:localhost,IP:127.0.0.1');
  const one = selfSigned('one', '/CN=one.test', 'DNS:one.test');
  const wild = selfSigned('wild', '/CN=wild.test', 'DNS:*.wild.test');
  selfSigned('anchor', '/CN=client anchor', 'DNS:anchor.test');
  const client = signed('client', '/O=marble/CN=a good client', 'anchor');
  const stranger = selfSigned('stranger', '/CN=stranger', 'DNS:stranger.test');
  writeFileSync(join(directory, 'garbage'), 'this is no key\n');
  return { directory, server, one, wild, client, stranger, clientAnchor: join(directory, 'anchor.pem') };
};

let made: Certificates | undefined;
