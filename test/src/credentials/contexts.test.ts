import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import process from 'node:process';
import { TLSSocket, connect } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { secureContexts } from '../../../src/credentials/contexts.ts';
import type { SecureContexts } from '../../../src/credentials/contexts.ts';
import type { Credentials, KeyPair } from '../../../src/credentials/credentials.ts';
import { DEFAULTS } from '../../../src/options/options.ts';
import type { Options } from '../../../src/options/options.ts';
import { certificates } from '../../fixtures/certificates.ts';
import type { Issued } from '../../fixtures/certificates.ts';

const made = certificates();

const pairOf = ({ key, cert, keyFile, certFile }: Issued): KeyPair => ({
  key,
  certificates: cert,
  from: { key: { variable: 'KEYFILE', path: keyFile }, certificates: { variable: 'CERTFILE', path: certFile } },
});

const CREDENTIALS: Credentials = {
  defaultPair: pairOf(made.server),
  namedPairs: made.sni.map((issued) => ({ serverName: issued.subject, ...pairOf(issued) })),
  anchors: [],
};

const chosen = (sniLevel: Options['sniLevel'], serverName: string | undefined): string => {
  const contexts = secureContexts(CREDENTIALS, { ...DEFAULTS, sniLevel });
  const context = contexts.select(serverName);
  if (context === undefined) return 'none';
  if (context === contexts.default) return 'default';
  return NAMES.find((name) => contexts.select(name) === context) ?? 'another';
};

const NAMES = made.sni.map(({ subject }) => subject);

const CHOICES: readonly (readonly [string | undefined, string])[] = [
  ['a.example.org', 'a.example.org'],
  ['A.Example.ORG', 'a.example.org'],
  ['b.example.net', 'b.example.net'],
  ['b.example.org', '*.example.org'],
  ['B.EXAMPLE.ORG', '*.example.org'],
  ['x.a.example.org', 'fallback'],
  ['example.org', 'fallback'],
  ['x.b.example.net', 'fallback'],
  ['example.net', 'fallback'],
  ['org', 'fallback'],
  ['', 'fallback'],
  [undefined, 'fallback'],
  ['__proto__', 'fallback'],
];

for (const [serverName, expected] of CHOICES) {
  test(`a peer that asks for ${String(serverName)} gets the pair ${expected}`, () => {
    assert.is(chosen(1, serverName), expected === 'fallback' ? 'default' : expected);
    assert.is(chosen(2, serverName), expected === 'fallback' ? 'none' : expected);
    assert.is(chosen(0, serverName), 'default');
  });
}

test('there is a default context unless -k 2 forbids it', () => {
  assert.ok('default' in secureContexts(CREDENTIALS, { ...DEFAULTS, sniLevel: 1 }));
  assert.not.ok('default' in secureContexts(CREDENTIALS, { ...DEFAULTS, sniLevel: 2 }));
});

test('a pair that OpenSSL refuses is 96, and named', () => {
  const { keyFile, certFile } = made.server;
  assert.is(
    deathUnder('--tls-cipher-list=DEFAULT@SECLEVEL=5'),
    `96 unable to use CERTFILE ${certFile}: OpenSSL refuses it with KEYFILE ${keyFile}: ee key too small\n`,
  );
});

test('an OpenSSL that takes no pair at all is 97', () => {
  assert.is(deathUnder('--tls-cipher-list=NONSENSE'), '97 unable to set up TLS: no cipher match\n');
});

/** How our contexts come out under a setting that only a new process can have. */
const deathUnder = (setting: string): string => {
  const contexts = new URL('../../../src/credentials/contexts.ts', import.meta.url).href;
  const script = `
    const { secureContexts } = await import(${JSON.stringify(contexts)});
    try { secureContexts(${JSON.stringify(CREDENTIALS)}, ${JSON.stringify(DEFAULTS)}); }
    catch (death) { console.error(death.exitCode + ' ' + death.message); }`;
  const args = [setting, '--import', 'tsx', '--input-type=module', '--eval', script];
  return spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 }).stderr;
};

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`${version} is spoken`, async () => {
    assert.is((await handshake({ minVersion: version, maxVersion: version })).protocol, version);
  });
}

test('TLS 1.1 is not spoken', async () => {
  // The client has to lower its own guard first.
  const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  assert.is((await handshake(old)).clientError, 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
});

test('our order of ciphers counts, not that of the client', async () => {
  const cipherFor = async (...ciphers: readonly string[]) =>
    (await handshake({ maxVersion: 'TLSv1.2', ciphers: ciphers.join(':') })).cipher;
  const [weaker, stronger] = ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384'];
  const [one, other] = [await cipherFor(weaker, stronger), await cipherFor(stronger, weaker)];
  assert.ok(one);
  assert.is(one, other);
});

for (const sniLevel of [0, 1, 2] as const) {
  test(`the client cannot renegotiate under -k ${String(sniLevel)}`, async () => {
    const refusal = await meet(
      { maxVersion: 'TLSv1.2', servername: 'a.example.org' },
      { sniLevel },
      async ({ client }) => {
        client.renegotiate({}, () => undefined);
        const [error] = (await once(client, 'error', soon())) as [NodeJS.ErrnoException];
        return error.code;
      },
    ).catch((error: unknown) => (error as NodeJS.ErrnoException).code);
    assert.is(refusal, 'ERR_SSL_NO_RENEGOTIATION');
  });
}

test('under -k 2 a peer without a known name gets handshake_failure', async () => {
  for (const servername of ['', 'nobody.example']) {
    const { clientError } = await handshake({ servername }, { sniLevel: 2 });
    assert.match(clientError ?? '', /HANDSHAKE_FAILURE$/);
  }
});

const CLIENTS: readonly (readonly [string, Issued | undefined, readonly Issued[], string])[] = [
  ['signed by an anchor', made.client, [made.clientCa], 'verified'],
  ['that is expired', made.expiredClient, [made.clientCa], 'CERT_HAS_EXPIRED'],
  ['signed by nobody', made.strangerClient, [made.clientCa], 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['signed by another', made.client, [made.root], 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  ['signed by the second of two anchors', made.client, [made.root, made.clientCa], 'verified'],
  ['signed by an anchor that is an intermediate', made.server, [made.intermediate], 'verified'],
  ['that does not come', undefined, [made.clientCa], 'UNABLE_TO_GET_ISSUER_CERT'],
];

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  for (const [title, issued, anchors, expected] of CLIENTS) {
    for (const servername of ['localhost', 'x.example.org']) {
      test(`${version}: a client certificate ${title}, asking for ${servername}: ${expected}`, async () => {
        const credentials = { ...CREDENTIALS, anchors: anchors.map(({ cert }) => cert) };
        const identity = issued === undefined ? {} : { key: issued.key, cert: issued.cert };
        const offer = { minVersion: version, maxVersion: version, servername, ...identity };
        const { verified, certificate } = await handshake(offer, { ...ASKING, sniLevel: 1 }, credentials);
        assert.is(verified, expected);
        assert.is(certificate, servername === 'localhost' ? 'localhost' : '*.example.org');
      });
    }
  }

  test(`${version}: a session that came with a client certificate can be resumed`, async () => {
    const { key, cert } = made.client;
    const offer = { minVersion: version, maxVersion: version, key, cert };
    const credentials = { ...CREDENTIALS, anchors: [made.clientCa.cert] };
    // One set of contexts, as in a process that serves many connections: it can open its own tickets.
    const contexts = secureContexts(credentials, { ...DEFAULTS, ...ASKING });
    const session = await meetWith(contexts, offer, ASKING, async ({ session: received }) => received);
    const resumed = await meetWith(contexts, { ...offer, session }, ASKING, async ({ client }) =>
      client.isSessionReused(),
    );
    assert.is(resumed, true);
  });
}

const ASKING = { clientCertificate: 'optional' } as const;

interface Outcome {
  readonly protocol?: string | null;
  readonly cipher?: string;
  /** Common name of the certificate that the server showed. */
  readonly certificate?: string;
  /** What our side thinks of the client's certificate. */
  readonly verified?: string;
  readonly clientError?: string | undefined;
}

const handshake = (
  offer: ConnectionOptions,
  options: Partial<Options> = {},
  credentials: Credentials = CREDENTIALS,
): Promise<Outcome> =>
  meet(
    offer,
    options,
    async ({ client, server }): Promise<Outcome> => ({
      protocol: client.getProtocol(),
      cipher: client.getCipher().name,
      certificate: String(client.getPeerCertificate().subject.CN),
      verified: verifyError(server),
    }),
    credentials,
  ).catch((error: unknown) => ({ clientError: (error as NodeJS.ErrnoException).code }));

interface Pair {
  readonly client: TLSSocket;
  readonly server: TLSSocket;
  /** The first ticket that the client gets. */
  readonly session: Promise<Buffer>;
}

const meet = <Result>(
  offer: ConnectionOptions,
  options: Partial<Options>,
  talk: (pair: Pair) => Promise<Result>,
  credentials: Credentials = CREDENTIALS,
): Promise<Result> => meetWith(secureContexts(credentials, { ...DEFAULTS, ...options }), offer, options, talk);

/** A client and our side, over a socket; lets them talk after the handshake, and parts them whatever comes of it. */
const meetWith = async <Result>(
  contexts: SecureContexts,
  offer: ConnectionOptions,
  { clientCertificate = 'none' }: Partial<Options>,
  talk: (pair: Pair) => Promise<Result>,
): Promise<Result> => {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening', soon());
  const { port } = listener.address() as AddressInfo;
  const client = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...offer });
  const session = once(client, 'session', soon()).then(([ticket]) => ticket as Buffer);
  session.catch(() => undefined);
  const secured = once(client, 'secureConnect', soon());
  secured.catch(() => undefined);
  const [socket] = (await once(listener, 'connection', soon())) as [Socket];
  const server = new TLSSocket(socket, {
    isServer: true,
    secureContext: contexts.base,
    requestCert: clientCertificate !== 'none',
    SNICallback: (name, done) => done(null, contexts.select(name)),
  });
  // What our side thinks of a failure is the business of others; the client tells what the peer sees of it.
  for (const event of ['error', '_tlsError']) server.on(event, () => undefined);
  const agreed = once(server, 'secure', soon());
  agreed.catch(() => undefined);
  try {
    await secured;
    await agreed;
    return await talk({ client, server, session });
  } finally {
    client.destroy();
    server.destroy();
    listener.close();
  }
};

/** By a socket made by hand Node does not judge the certificate: `authorizationError` stays empty. */
const verifyError = (server: TLSSocket): string => {
  const { ssl } = server as unknown as { readonly ssl: { verifyError(): NodeJS.ErrnoException | null } };
  return ssl.verifyError()?.code ?? 'verified';
};

const soon = () => ({ signal: AbortSignal.timeout(10_000) });

test.run();
