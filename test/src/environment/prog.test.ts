import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Handshake } from '../../../graph/vocabulary.ts';
import {
  environmentWith,
  progEnvironment,
  TLS_VARIABLES,
  tlsVariables,
  untrustedTlsVariables,
} from '../../../src/environment/prog.ts';
import { DEFAULTS } from '../../../src/options/options.ts';
import { assertDies } from '../../fixtures/death.ts';

const HANDSHAKE: Handshake = { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' };
const WITH_ALL: Handshake = {
  ...HANDSHAKE,
  serverName: 'a.example',
  peerCertificateHash: '00ff',
  peerCertificateSubject: 'CN=client',
};
const OURS = {
  CADIR: '1',
  CAFILE: '2',
  KEYFILE: '3',
  CERTFILE: '4',
  TLS_UID: '5',
  TLS_GID: '6',
  MARBLE_TLS_TRACE: '/trace',
  'KEYFILE:a.example': '7',
  'CERTFILE:*.example': '8',
  'KEYFILE:': '9',
  'CERTFILE:a\nb': '10',
};
const THEIRS = {
  PATH: '/bin',
  KEYFILES: 'x',
  XCADIR: 'y',
  CADIRS: 'z',
  TCPREMOTEIP: '::1',
  SSLKEYLOGFILE: '/keys',
  MARBLE_TLS_TRACES: 'm',
  toString: 't',
  keyfile: 'k',
};
const BASIC = { SSL_PROTOCOL: 'TLSv1.3', SSL_CIPHER: 'TLS_AES_256_GCM_SHA384' };

test('prog does not see the TLS variables, and everything else it does', () => {
  assert.equal(progEnvironment({ ...OURS, ...THEIRS }, DEFAULTS, HANDSHAKE), { ...THEIRS, ...BASIC });
});

test('under -Z prog sees them all', () => {
  const options = { ...DEFAULTS, keepEnvironment: true };
  assert.equal(progEnvironment({ ...OURS, ...THEIRS }, options, HANDSHAKE), { ...OURS, ...THEIRS, ...BASIC });
});

test('prog is told protocol, cipher, server name, and the peer’s certificate', () => {
  assert.equal(progEnvironment({}, DEFAULTS, WITH_ALL), {
    ...BASIC,
    SSL_TLS_SNI_SERVERNAME: 'a.example',
    SSL_PEER_CERT_HASH: 'SHA256:00ff',
    SSL_PEER_CERT_SUBJECT: 'CN=client',
  });
});

test('nothing inherited can pose as what the handshake said, even under -Z', () => {
  const inherited = Object.fromEntries(TLS_VARIABLES.map((name) => [name, 'forged']));
  for (const keepEnvironment of [false, true]) {
    assert.equal(progEnvironment(inherited, { ...DEFAULTS, keepEnvironment }, HANDSHAKE), BASIC);
  }
});

test('without a certificate’s hash there is no subject either', () => {
  const variables = tlsVariables({ ...HANDSHAKE, peerCertificateSubject: 'CN=forged' });
  assert.is(variables.SSL_PEER_CERT_SUBJECT, undefined);
});

test('a certificate with an empty subject still shows its hash', () => {
  const variables = tlsVariables({ ...HANDSHAKE, peerCertificateHash: 'ab', peerCertificateSubject: '' });
  assert.is(variables.SSL_PEER_CERT_SUBJECT, '');
  assert.is(variables.SSL_PEER_CERT_HASH, 'SHA256:ab');
});

const TAMED: readonly (readonly [string, string])[] = [
  ['CN=a\nSSL_CIPHER=none', 'CN=a\\x0aSSL_CIPHER=none'],
  ['CN=a\u0000b', 'CN=a\\x00b'],
  ['CN=\\x0a', 'CN=\\x5cx0a'],
  ['CN=\u001b[31m\u007f', 'CN=\\x1b[31m\\x7f'],
  ['CN=bücher €', 'CN=b\\xc3\\xbccher \\xe2\\x82\\xac'],
  ['CN=🔑', 'CN=\\xf0\\x9f\\x94\\x91'],
];

for (const [subject, expected] of TAMED) {
  test(`the subject ${JSON.stringify(subject)} becomes ${expected}`, () => {
    const variables = tlsVariables({ ...WITH_ALL, peerCertificateSubject: subject });
    assert.is(variables.SSL_PEER_CERT_SUBJECT, expected);
  });
}

test('a value is cut at 8 KiB, and never inside an escape', () => {
  const subjectOf = (text: string) => tlsVariables({ ...WITH_ALL, peerCertificateSubject: text }).SSL_PEER_CERT_SUBJECT;
  assert.is(subjectOf('a'.repeat(8192)), 'a'.repeat(8192));
  assert.is(subjectOf('a'.repeat(1_000_000)), 'a'.repeat(8192));
  for (const room of [1, 2, 3]) assert.is(subjectOf(`${'a'.repeat(8192 - room)}\n`), 'a'.repeat(8192 - room));
  assert.is(subjectOf(`${'a'.repeat(8188)}\n`), `${'a'.repeat(8188)}\\x0a`);
  assert.is(subjectOf('\n'.repeat(9000)), '\\x0a'.repeat(2048));
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'binary', minLength: 8000, maxLength: 9000 }),
);
const anyHandshake = fc.record({
  protocol: fc.constantFrom('TLSv1.2' as const, 'TLSv1.3' as const),
  cipher: anyText,
  serverName: anyText,
  peerCertificateHash: anyText,
  peerCertificateSubject: anyText,
});

test('no value ever holds a newline, a NUL or anything unprintable, nor more than 8 KiB', () => {
  fc.assert(
    fc.property(anyHandshake, (handshake) => {
      const variables = tlsVariables(handshake);
      assert.equal(Object.keys(variables), [...TLS_VARIABLES]);
      for (const value of Object.values(variables)) assert.match(value ?? '', /^[\x20-\x7e]{0,8192}$/);
      assert.equal(untrustedTlsVariables(JSON.parse(JSON.stringify(variables))), variables);
    }),
  );
});

test('two different subjects never look the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (one, other) => {
      const subjectOf = (text: string) =>
        tlsVariables({ ...WITH_ALL, peerCertificateSubject: text }).SSL_PEER_CERT_SUBJECT;
      assert.is(subjectOf(one) === subjectOf(other), one === other);
    }),
  );
});

test('from a process that may have been taken over only the five names are taken', () => {
  const taken = untrustedTlsVariables({ ...BASIC, LD_PRELOAD: '/evil', SSL_PEER_CERT_HASH: undefined });
  assert.equal(environmentWith({ PATH: '/bin' }, DEFAULTS, taken), { PATH: '/bin', ...BASIC });
  assert.equal(environmentWith({ SSL_CIPHER: 'forged' }, DEFAULTS, untrustedTlsVariables(null)), {});
});

for (const value of ['a\nb', 'a\u0000b', 'a\\', '\\xZZ', 'é', 'a'.repeat(8193), 5, null, ['a'], {}]) {
  test(`from a process that may have been taken over ${JSON.stringify(value).slice(0, 20)} is refused with 98`, () => {
    assertDies(
      () => untrustedTlsVariables({ ...BASIC, SSL_CIPHER: value }),
      98,
      'unable to carry on with TLS: the TLS engine sent SSL_CIPHER in a form it never has',
    );
  });
}

test.run();
