import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { TLSSocket, connect, createSecureContext } from 'node:tls';
import { EMPTY, Subscription, firstValueFrom, of, throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Fault, type Handshake } from '../../../graph/vocabulary.ts';
import { secureContexts } from '../../../src/credentials/contexts.ts';
import type { SecureContexts } from '../../../src/credentials/contexts.ts';
import type { KeyPair } from '../../../src/credentials/credentials.ts';
import { DEFAULTS } from '../../../src/options/options.ts';
import type { PeerDriver } from '../../../src/tls/engine.ts';
import { handshakeFault, faultOf } from '../../../src/tls/alerts.ts';
import { refusalOf } from '../../../src/tls/handshake.ts';
import { judgeInOpenssl, type Judgement } from '../../../src/tls/verify-openssl.ts';
import { alertRefused, judgedBy } from '../../../src/tls/verify.ts';
import { certificates, type Issued } from '../../fixtures/certificates.ts';

const made = certificates();

type Client = Pick<Issued, 'key' | 'cert'>;

const chain: Client = { key: made.server.key, cert: made.server.cert + made.intermediate.cert };

const tampered = ({ key, cert }: Client): Client => {
  const der = Buffer.from(cert.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  der.writeUInt8(der.readUInt8(der.length - 1) ^ 1, der.length - 1);
  return { key, cert: `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n` };
};

/** Who comes, whom we trust, and what the client hears: `welcome`, or the alert. */
const CLIENTS: readonly (readonly [
  title: string,
  client: Client | undefined,
  anchors: readonly Issued[],
  heard: string,
])[] = [
  ['signed by an anchor', made.client, [made.clientCa], 'welcome'],
  ['signed by the second of two anchors', made.client, [made.root, made.clientCa], 'welcome'],
  ['signed by an anchor that is an intermediate', made.server, [made.intermediate], 'welcome'],
  ['that comes with an intermediate, below an anchor', chain, [made.root], 'welcome'],
  ['that is an anchor itself', made.strangerClient, [made.strangerClient], 'welcome'],
  ['that does not come', undefined, [made.clientCa], 'welcome'],
  ['that comes without its intermediate', made.server, [made.root], 'UNKNOWN_CA'],
  ['signed by another', made.client, [made.root], 'UNKNOWN_CA'],
  ['signed by itself', made.strangerClient, [made.clientCa], 'UNKNOWN_CA'],
  ['that has expired', made.expiredClient, [made.clientCa], 'CERTIFICATE_EXPIRED'],
  ['that has expired and is an anchor', made.expiredClient, [made.expiredClient], 'CERTIFICATE_EXPIRED'],
  ['whose signature is wrong', tampered(made.client), [made.clientCa], 'DECRYPT_ERROR'],
];

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  for (const [title, client, anchors, heard] of CLIENTS) {
    test(`${version}: a certificate ${title} is judged as without us: ${heard}`, async () => {
      for (const servername of ['localhost', 'a.example.org']) {
        const offer = { version, servername, ...(client && { client }) };
        const plain = await meet(contextsFor(anchors), undefined, offer);
        const contexts = contextsFor(anchors);
        const judged = await meet(contexts, judgementIn(contexts), offer);
        // Node 24 adds advice of its own to OpenSSL's words.
        assert.is(judged.ours, plain.ours.replace(/; if the root CA is .*$/, ''));
        assert.is(judged.heard, heard);
        assert.is(plain.heard, 'welcome', 'Node sends alerts of its own now: this code can go');
      }
    });
  }

  test(`${version}: a session of an accepted certificate can be resumed`, async () => {
    const contexts = contextsFor([made.clientCa]);
    const judgement = judgementIn(contexts);
    const offer = { version, servername: 'localhost', client: made.client };
    const { ticket } = await meet(contexts, judgement, offer);
    const resumed = await meet(contexts, judgement, { ...offer, ...(ticket && { ticket }) });
    assert.is(resumed.ours, 'welcome');
    assert.ok(resumed.resumed);
  });
}

test('many handshakes with the same contexts end each as it should', async () => {
  const contexts = contextsFor([made.clientCa]);
  const judgement = judgementIn(contexts);
  for (let i = 0; i < 150; i += 1) {
    const client = i % 3 === 0 ? made.client : made.strangerClient;
    const version = i % 2 === 0 ? 'TLSv1.2' : 'TLSv1.3';
    const { ours } = await meet(contexts, judgement, { version, servername: 'localhost', client });
    assert.is(ours === 'welcome', client === made.client, ours);
  }
});

test('a context that does not show what is inside is left alone', () => {
  const foreign = createSecureContext({ ca: [] });
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [{}, /does not tell/],
    [{ _external: undefined }, /does not tell/],
    [{ _external: '[External: 1234]' }, /does not tell/],
    [{ _external: { [Symbol.for('nodejs.util.inspect.custom')]: () => '[External: 1234]' } }, /does not tell/],
    [foreign.context, /not our SSL_CTX/],
  ];
  for (const [context, reason] of cases) {
    const judging = judgeInOpenssl([{ context }]);
    assert.match('reason' in judging ? judging.reason : 'installed', reason);
  }
});

test('one context that cannot be used leaves the others as they were', async () => {
  const contexts = contextsFor([made.clientCa]);
  assert.ok('reason' in judgeInOpenssl([...contexts.all, { context: {} }]));
  const offer = { version: 'TLSv1.3', servername: 'localhost', client: made.strangerClient } as const;
  const { ours, heard } = await meet(contexts, undefined, offer);
  assert.match(ours, /self-signed/);
  assert.is(heard, 'welcome');
});

test('what cannot be had is told, and the driver is the same', () => {
  const said: string[] = [];
  const driver = peer(EMPTY);
  const broken = [{ context: {} }];
  assert.is(
    alertRefused(broken, 'optional', (message) => said.push(message))(() => driver),
    driver,
  );
  assert.equal(said, ['a peer whose certificate is refused gets no alert: Node does not tell where its SSL_CTX is']);
});

test('without -Y and -y nothing is touched, and nothing said', () => {
  const said: string[] = [];
  const driver = peer(EMPTY);
  assert.is(
    alertRefused([], 'none', (message) => said.push(message))(() => driver),
    driver,
  );
  assert.equal(said, []);
});

const SECURED: Handshake = { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' };
const WITH_CERTIFICATE: Handshake = { ...SECURED, peerCertificateHash: 'ab', peerCertificateSubject: 'CN=x' };
const FAULT = new Fault('handshake', 'certificate verify failed');

const OUTCOMES: readonly (readonly [title: string, Observable<Handshake>, Judgement | undefined, outcome: string])[] = [
  ['a certificate that was accepted is welcome', of(WITH_CERTIFICATE), 'accepted', 'secured'],
  ['nobody needs a certificate that was not sent', of(SECURED), undefined, 'secured'],
  [
    'a certificate that nobody has judged is refused, whatever OpenSSL says',
    of(WITH_CERTIFICATE),
    undefined,
    "handshake: the peer's certificate was refused: nobody has judged it",
  ],
  [
    'a certificate that was refused stays refused, whatever OpenSSL says',
    of(WITH_CERTIFICATE),
    { refused: 'certificate has expired' },
    "handshake: the peer's certificate was refused: certificate has expired",
  ],
  [
    'the reason of a refusal is told instead of what followed from it',
    throwError(() => FAULT),
    { refused: 'certificate has expired' },
    "handshake: the peer's certificate was refused: certificate has expired",
  ],
  ['any other fault is told as it is', throwError(() => FAULT), undefined, 'handshake: certificate verify failed'],
  [
    'so is one after an accepted certificate',
    throwError(() => FAULT),
    'accepted',
    'handshake: certificate verify failed',
  ],
];

for (const [title, secured$, judgement, outcome] of OUTCOMES) {
  test(title, async () => {
    const got = await firstValueFrom(judgedBy(() => judgement, peer(secured$)).secured$).then(
      () => 'secured',
      (error: unknown) => (error as Fault).message,
    );
    assert.is(got, outcome);
  });
}

const peer = (secured$: Observable<Handshake>): PeerDriver => ({
  secured$,
  fromPeer$: EMPTY,
  takenByPeer$: EMPTY,
  hungUp$: EMPTY,
  connect: () => new Subscription(),
});

const pairOf = ({ key, cert, keyFile, certFile }: Issued): KeyPair => ({
  key,
  certificates: cert,
  from: { key: { variable: 'KEYFILE', path: keyFile }, certificates: { variable: 'CERTFILE', path: certFile } },
});

const contextsFor = (anchors: readonly Issued[]): SecureContexts =>
  secureContexts(
    {
      defaultPair: pairOf(made.server),
      namedPairs: made.sni.map((issued) => ({ serverName: issued.subject, ...pairOf(issued) })),
      anchors: anchors.map(({ cert }) => cert),
    },
    { ...DEFAULTS, clientCertificate: 'optional', sniLevel: 1 },
  );

const judgementIn = ({ all }: SecureContexts): (() => Judgement | undefined) => {
  const judging = judgeInOpenssl(all);
  if ('reason' in judging) throw new Error(judging.reason);
  return judging.newJudgement;
};

interface Offer {
  readonly version: 'TLSv1.2' | 'TLSv1.3';
  readonly servername: string;
  readonly client?: Client;
  readonly ticket?: Buffer;
}

interface Outcome {
  /** What our side thinks of it: `welcome`, or why not. */
  readonly ours: string;
  /** What the client has heard of that. */
  readonly heard: string;
  readonly ticket?: Buffer;
  readonly resumed: boolean;
}

/** One handshake over a socket, with the engine's questions asked at its end, and one byte for whoever is welcome. */
const meet = async (
  contexts: SecureContexts,
  judgement: (() => Judgement | undefined) | undefined,
  { version, servername, client: identity, ticket: session }: Offer,
): Promise<Outcome> => {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening', soon());
  const client = connect({
    ...{
      host: '127.0.0.1',
      port: (listener.address() as AddressInfo).port,
      servername,
      rejectUnauthorized: false,
      ca: [],
    },
    ...{ minVersion: version, maxVersion: version },
    ...(identity && { key: identity.key, cert: identity.cert }),
    ...(session && { session }),
  });
  const ticket = once(client, 'session', soon()).then(([received]) => received as Buffer);
  ticket.catch(() => undefined);
  // Whoever is not refused by an alert hears a byte of the server, even one that is refused otherwise.
  const heard = new Promise<string>((resolve) => {
    client.on('data', () => resolve('welcome'));
    client.on('error', ({ code }: NodeJS.ErrnoException) => resolve(String(code).replace(/^.*_ALERT_/, '')));
  });
  const [socket] = (await once(listener, 'connection', soon())) as [Socket];
  const server = new TLSSocket(socket, {
    isServer: true,
    secureContext: contexts.base,
    requestCert: true,
    rejectUnauthorized: false,
    SNICallback: (name, done) => done(null, contexts.select(name)),
  });
  server.on('error', () => undefined);
  try {
    const [failure] = (await Promise.race([once(server, 'secure', soon()), once(server, '_tlsError', soon())])) as [
      Error?,
    ];
    const fault = failure && handshakeFault(faultOf(failure));
    const judged = judgement?.();
    const refused = typeof judged === 'object' ? `the peer's certificate was refused: ${judged.refused}` : undefined;
    if (fault === undefined) server.write('!');
    const ours = refused ?? fault?.detail ?? refusalOf(server, 'optional') ?? 'welcome';
    const outcome = { ours, heard: await heard, resumed: client.isSessionReused() };
    // Under TLS 1.3 Node may tell of the ticket after the data behind it.
    return ours === 'welcome' && session === undefined ? { ...outcome, ticket: await ticket } : outcome;
  } finally {
    client.destroy();
    server.destroy();
    listener.close();
  }
};

const soon = () => ({ signal: AbortSignal.timeout(10_000) });

test.run();
