import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { firstValueFrom } from 'rxjs';
import { Fault, type Handshake } from '../../../graph/vocabulary.ts';
import { certificates, pem } from '../../fixtures/certificates.ts';
import { issue } from '../../support/issue.ts';
import { eachProtocol, encounter, meet, quiet, serverContext, type Encounter, type Order } from './support/meeting.ts';
import { nodePair } from './support/node-pair.ts';
import { ALERT } from './support/sealed-by-hand.ts';

const { clientCa, client, expiredClient, strangerClient } = certificates();

/** What the handshake found out. */
const shaken = async (order: Order): Promise<Handshake> => firstValueFrom((await meet(order)).engine.secured$);

/** The one Fault with which a handshake failed, and what was written before it was told. */
const failure = async ({ log }: Encounter): Promise<{ reason: string; written: readonly string[] }> => {
  await quiet();
  const told = log.filter((event) => event.startsWith('secured'));
  assert.is(told.length, 1, log.join('\n'));
  const [event = ''] = told;
  assert.match(event, /^secured: handshake, /, 'a handshake Fault');
  const reason = event.replace('secured: handshake, ', '');
  assert.match(reason, /^[\w' ,:-]+$/, 'readable');
  return { reason, written: log.slice(0, log.indexOf(event)).filter((one) => one.startsWith('wrote')) };
};

const ALERT_ONLY = ['wrote alert'];

for (const [what, bytes, reason, written] of [
  ['garbage', Buffer.from('8f3c1d5e9a7b2c4d6e8f0a1b2c3d4e5f60718293', 'hex'), 'wrong version number', []],
  ['plain HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'http request', []],
  ['a record of data', Buffer.from('1703030005ffffffffff', 'hex'), 'unexpected message', ALERT_ONLY],
  ['a record that is too long', Buffer.from('160301ffff01', 'hex'), 'packet length too long', ALERT_ONLY],
  ['a close_notify', Buffer.of(ALERT, 3, 1, 0, 2, 1, 0), 'unexpected message', ALERT_ONLY],
  ['a fatal alert', Buffer.of(ALERT, 3, 1, 0, 2, 2, 80), 'unexpected message', ALERT_ONLY],
] as const) {
  test(`${what} instead of a ClientHello is one readable Fault, after OpenSSL's alert if there is one`, async () => {
    const met = encounter();
    met.network.arrives(bytes);
    assert.equal(await failure(met), { reason, written });
  });
}

for (const [what, arrival, reason] of [
  ['FIN', 'fin', 'the peer ended the connection'],
  ['a reset', new Fault('reset', 'ECONNRESET'), 'the connection broke: ECONNRESET'],
  ['a close_notify', Buffer.of(ALERT, 3, 3, 0, 2, 1, 0), 'the peer sent close_notify'],
  ['an alert', Buffer.of(ALERT, 3, 3, 0, 2, 2, 42), 'the peer sent alert bad_certificate'],
] as const) {
  eachProtocol(`${what} in the middle of the handshake is one readable Fault`, async (protocol) => {
    const met = await meet({ protocol }, false);
    await quiet();
    met.network.arrives(met.client.takeOutbox());
    await quiet();
    assert.ok(met.log.includes('wrote handshake'), 'we have answered');
    met.network.arrives(arrival);
    assert.is((await failure(met)).reason, reason);
  });
}

for (const [what, arrival] of [
  ['FIN', 'fin'],
  ['a reset', new Fault('reset', 'ETIMEDOUT')],
] as const) {
  test(`${what} before anything is one readable Fault`, async () => {
    const met = encounter();
    met.network.arrives(arrival);
    const reason = arrival === 'fin' ? 'the peer ended the connection' : 'the connection broke: ETIMEDOUT';
    assert.equal(await failure(met), { reason, written: [] });
  });
}

eachProtocol('a failed write during the handshake is one readable Fault', async (protocol) => {
  const met = await meet({ protocol }, false);
  await quiet();
  met.network.arrives(met.client.takeOutbox());
  await quiet();
  met.network.breaks(new Fault('reset', 'EPIPE'));
  assert.is((await failure(met)).reason, 'the connection broke: EPIPE');
});

eachProtocol('half a ClientHello and FIN are one readable Fault', async (protocol) => {
  const met = await meet({ protocol }, false);
  await quiet();
  const hello = met.client.takeOutbox();
  met.network.arrives(hello.subarray(0, hello.length / 2), 'fin');
  assert.equal(await failure(met), { reason: 'the peer ended the connection', written: [] });
});

eachProtocol('a client that shares no cipher gets an alert', async (protocol) => {
  const ciphers = protocol === 'TLSv1.3' ? 'TLS_AES_128_CCM_SHA256' : 'AES128-SHA256';
  const met = await meet({ protocol, client: { ciphers } }, false);
  met.client.carry((bytes) => met.network.arrives(bytes));
  assert.equal(await failure(met), { reason: 'no shared cipher', written: ALERT_ONLY });
  assert.equal(met.client.heard, ['fails: sslv3 alert handshake failure']);
});

test('a client that is too old gets an alert', async () => {
  const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  const met = await meet({ client: old }, false);
  met.client.carry((bytes) => met.network.arrives(bytes));
  assert.equal(await failure(met), { reason: 'unsupported protocol', written: ALERT_ONLY });
  assert.equal(met.client.heard, ['fails: tlsv1 alert protocol version']);
});

eachProtocol('protocol, cipher and the name asked for are told', async (protocol) => {
  const ciphers = { 'TLSv1.2': 'ECDHE-ECDSA-AES128-GCM-SHA256', 'TLSv1.3': 'TLS_AES_128_GCM_SHA256' }[protocol];
  const cipher = { 'TLSv1.2': 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'TLSv1.3': ciphers }[protocol];
  const told = await shaken({ protocol, client: { ciphers, servername: 'a.example.org' } });
  assert.equal(told, { protocol, cipher, serverName: 'a.example.org' });
  assert.equal(await shaken({ protocol, client: { ciphers } }), { protocol, cipher });
});

eachProtocol('the context is chosen by the name, and is the default when there is none for it', async (protocol) => {
  const [a] = certificates().sni;
  const other = createSecureContext({ ...pem(a), ca: [] });
  const select = (name: string) => (name === 'a.example.org' ? other : undefined);
  for (const [servername, subject] of [
    ['a.example.org', 'CN=a.example.org'],
    ['elsewhere.example', 'CN=localhost'],
  ] as const) {
    const met = await meet({ protocol, side: { select }, client: { servername } });
    assert.is(met.client.tls.getPeerX509Certificate()?.subject, subject);
    assert.is((await firstValueFrom(met.engine.secured$)).serverName, servername);
  }
});

eachProtocol(
  'Node: a server-side TLSSocket made by hand checks no client certificate; its handle knows',
  async (protocol) => {
    const server = {
      secureContext: serverContext({ ca: [clientCa.cert] }),
      requestCert: true,
      rejectUnauthorized: true,
    };
    const { tls, events } = await nodePair({ protocol, server, client: pem(strangerClient) });
    assert.equal(events, []);
    assert.not.ok(tls.destroyed);
    assert.ok((tls as unknown as { ssl: { verifyError(): Error | null } }).ssl.verifyError());
  },
);

const ASKING = { context: { ca: [clientCa.cert] } };

eachProtocol('a certificate that verifies is told by hash and subject', async (protocol) => {
  for (const clientCertificate of ['optional', 'mandatory'] as const) {
    const told = await shaken({ protocol, ...ASKING, side: { clientCertificate }, client: pem(client) });
    assert.is(told.peerCertificateHash, sha256(client.cert));
    assert.is(told.peerCertificateSubject, 'CN=a good client,O=marble');
  }
});

eachProtocol('a certificate nobody asked for is none', async (protocol) => {
  const told = await shaken({ protocol, ...ASKING, client: pem(client) });
  assert.equal(Object.keys(told), ['protocol', 'cipher']);
});

eachProtocol('no certificate will do when it is optional, and is one Fault when it is mandatory', async (protocol) => {
  const told = await shaken({ protocol, ...ASKING, side: { clientCertificate: 'optional' } });
  assert.equal(Object.keys(told), ['protocol', 'cipher']);
  const met = await meet({ protocol, ...ASKING, side: { clientCertificate: 'mandatory' } }, false);
  met.client.carry((bytes) => met.network.arrives(bytes));
  const { reason, written } = await failure(met);
  assert.is(reason, 'peer did not return a certificate');
  assert.is(written.at(-1), 'wrote alert');
});

for (const [what, pair, why] of [
  ['expired', expiredClient, 'certificate has expired'],
  ['of a stranger', strangerClient, 'self-signed certificate'],
] as const) {
  eachProtocol(`a certificate that is ${what} is refused, also where none is needed`, async (protocol) => {
    for (const clientCertificate of ['optional', 'mandatory'] as const) {
      const met = await meet({ protocol, ...ASKING, side: { clientCertificate }, client: pem(pair) }, false);
      met.client.carry((bytes) => met.network.arrives(bytes));
      assert.is((await failure(met)).reason, `the peer's certificate was refused: ${why}`);
    }
  });
}

test('a subject is one line in the order and with the escapes of RFC 4514, whatever the peer has put into it', async () => {
  for (const [CN, escaped] of [
    ['plain', 'plain'],
    ['a,b+c"d\\e<f>g;h', 'a\\,b\\+c\\"d\\\\e\\<f\\>g\\;h'],
    ['line\nend\r', 'line\\0Aend\\0D'],
    [' padded ', '\\ padded\\ '],
    ['#1', '\\#1'],
    ['ümlaut 猫', 'ümlaut 猫'],
    ['nul\0byte', 'nul\\00byte'],
  ] as const) {
    const peer = issue({ subject: { O: 'two', CN }, signer: clientCa.signer });
    const told = await shaken({
      ...ASKING,
      side: { clientCertificate: 'optional' },
      client: pem({ ...client, ...peer }),
    });
    assert.is(told.peerCertificateSubject, `CN=${escaped},O=two`);
  }
});

const sha256 = (cert: string): string => new X509Certificate(cert).fingerprint256.replaceAll(':', '').toLowerCase();

test.run();
