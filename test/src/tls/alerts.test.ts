import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Fault } from '../../../graph/vocabulary.ts';
import { faultOf, handshakeFault } from '../../../src/tls/alerts.ts';
import { spoilt } from './support/client.ts';
import { encounter, eachProtocol, meet, quiet } from './support/meeting.ts';
import { nodePair } from './support/node-pair.ts';
import { ALERT, BY_HAND, sealedByHand } from './support/sealed-by-hand.ts';
import type { Protocol } from '../../../graph/vocabulary.ts';

/** The error that OpenSSL makes of a record of ours, if any. */
const errorFrom = async (protocol: Protocol, type: number, body: Uint8Array): Promise<Error | undefined> => {
  const { tls, wire, client } = await nodePair({ protocol, client: { ciphers: BY_HAND[protocol] } });
  let error: Error | undefined;
  tls.on('_tlsError', (told: Error) => (error = told));
  wire.push(sealedByHand(client, type, body));
  await quiet();
  return error;
};

const NUMBERS = Array.from({ length: 256 }, (_, number) => number);

eachProtocol(
  'every fatal alert that OpenSSL knows is a fault of that name, or has at least its number',
  async (protocol) => {
    const named = new Map<number, string>();
    for (const number of NUMBERS) {
      const error = await errorFrom(protocol, ALERT, Buffer.of(2, number));
      if (error === undefined) continue;
      const fault = faultOf(error);
      assert.is(fault.kind, 'alert', String(number));
      named.set(number, fault.detail);
      const openssl = (error as Error & { reason: string }).reason;
      const expected = openssl.replace(/^(sslv3|tlsv1|tlsv13) (alert )?/, '').replaceAll(' ', '_');
      if (!/^\d/.test(fault.detail)) assert.is(fault.detail, OPENSSL_SAYS_OTHERWISE[expected] ?? expected);
    }
    const nameless = [...named].filter(([number, name]) => name === String(number)).map(([number]) => number);
    // RFC 5246 has reserved the first two, RFC 6066 and RFC 8446 the others; nobody sends them.
    assert.equal(nameless, [41, 60, 111, 114]);
    for (const number of [
      10, 20, 22, 40, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 70, 71, 80, 86, 109, 110, 112, 113, 115, 116, 120,
    ]) {
      assert.ok(named.has(number), String(number));
    }
  },
);

eachProtocol('an alert during the handshake is a failed handshake that bears its name', async (protocol) => {
  for (const [number, name] of [
    [40, 'handshake_failure'],
    [48, 'unknown_ca'],
    [70, 'protocol_version'],
    [111, '111'],
  ] as const) {
    const { client, network, log } = await meet({ protocol }, false);
    await quiet();
    network.arrives(client.takeOutbox(), Buffer.of(ALERT, 3, 3, 0, 2, 2, number));
    await quiet();
    assert.ok(log.includes(`secured: handshake, the peer sent alert ${name}`), log.join('\n'));
  }
});

eachProtocol(
  'a record that OpenSSL itself refuses is no alert of the peer, whatever alert it answers with',
  async (protocol) => {
    const { tls, wire, client } = await nodePair({ protocol });
    const errors: Error[] = [];
    tls.on('_tlsError', (error: Error) => errors.push(error));
    wire.push(spoilt(await client.seal('hello')));
    await quiet();
    const [fault] = errors.map(faultOf);
    assert.is(fault?.kind, 'badRecord');
    assert.match(fault?.detail ?? '', /^(cipher operation failed|decryption failed or bad record mac)$/);
  },
);

test('what is wrong with a first record is told in words', async () => {
  for (const [bytes, words] of [
    ['GET / HTTP/1.0\r\n\r\n', 'http request'],
    ['CONNECT localhost:1 HTTP/1.0\r\n\r\n', 'https proxy request'],
    ['SSH-2.0-OpenSSH_9.6\r\n', 'wrong version number'],
  ] as const) {
    const { network, log } = encounter();
    network.arrives(Buffer.from(bytes));
    await quiet();
    assert.ok(log.includes(`secured: handshake, ${words}`), log.join('\n'));
  }
});

test('an error without a reason is told by its message', () => {
  assert.equal(faultOf(new Error('something else')), new Fault('badRecord', 'something else'));
  assert.equal(faultOf(Object.assign(new Error('x'), { reason: 7 })), new Fault('badRecord', 'x'));
});

test('during the handshake every fault is one of the handshake', () => {
  assert.equal(
    handshakeFault(new Fault('alert', 'unknown_ca')),
    new Fault('handshake', 'the peer sent alert unknown_ca'),
  );
  assert.equal(handshakeFault(new Fault('badRecord', 'http request')), new Fault('handshake', 'http request'));
});

/** OpenSSL's own words, where they are not those of the RFCs. */
const OPENSSL_SAYS_OTHERWISE: Readonly<Record<string, string>> = { user_cancelled: 'user_canceled' };

test.run();
