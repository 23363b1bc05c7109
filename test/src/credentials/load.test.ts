import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openContexts } from '../../../src/credentials/open-contexts.ts';
import { DEFAULTS } from '../../../src/options/options.ts';
import { loadCredentials } from '../../../src/credentials/load.ts';
import type { PairPaths } from '../../../src/environment/settings.ts';
import { certificates } from '../../fixtures/certificates.ts';
import { assertDies } from '../../fixtures/death.ts';

const made = certificates();
const { directory } = made;

for (const algorithm of ['ec', 'rsa'] as const) {
  const { pkcs8Pem, certPem } = made[algorithm];
  for (const key of ['pkcs8Pem', 'pkcs8Der', 'traditionalPem', 'traditionalDer'] as const) {
    for (const certificate of ['certPem', 'certDer'] as const) {
      test(`${algorithm}: a key in ${key} goes with a certificate in ${certificate}`, () => {
        const pair = load(made[algorithm][key], made[algorithm][certificate]);
        assert.is(pair?.key, readFileSync(pkcs8Pem, 'utf8'));
        assert.is(pair?.certificates, readFileSync(certPem, 'utf8'));
        assert.ok('default' in open(made[algorithm][key], made[algorithm][certificate]));
      });
    }
  }
}

test('the whole chain is kept, in its order', () => {
  const pair = load(made.server.keyFile, made.chainFile);
  assert.is(pair?.certificates, made.server.cert + made.intermediate.cert);
});

test('key and certificate may share one file, with text around them', () => {
  const both = file('both.pem', `subject: me\n${made.server.cert}\nthe key:\n${made.server.key}-- \nbye\n`);
  assert.is(load(both, both)?.certificates, made.server.cert);
  assert.is(load(both, both)?.key, made.server.key);
  assert.ok('default' in open(both, both));
});

test('a file may have the line ends of DOS', () => {
  const cert = file('dos-cert.pem', made.server.cert.replaceAll('\n', '\r\n'));
  const key = file('dos-key.pem', made.server.key.replaceAll('\n', '\r\n'));
  assert.is(load(key, cert)?.certificates, made.server.cert);
  assert.ok('default' in open(key, cert));
});

test('nothing is read but what the settings name', () => {
  assert.equal(loadCredentials({ namedPairs: [] }), { namedPairs: [], anchors: [] });
});

test('named pairs keep their names', () => {
  const namedPairs = made.sni.map(({ subject, keyFile, certFile }) => ({
    serverName: subject,
    ...paths(keyFile, certFile, `:${subject}`),
  }));
  const { namedPairs: loaded } = loadCredentials({ namedPairs });
  assert.equal(
    loaded.map(({ serverName, certificates: chain }) => [serverName, chain]),
    made.sni.map(({ subject, cert }) => [subject, cert]),
  );
});

test('credentials are plain data, so that they can cross a process', () => {
  const credentials = loadCredentials({ defaultPair: paths(made.server.keyFile, made.chainFile), namedPairs: [] });
  assert.equal(JSON.parse(JSON.stringify(credentials)), credentials);
});

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
};

const der = readFileSync(made.ec.certDer);
const stranger = made.strangerClient.certFile;
const { keyFile: goodKey, certFile: goodCert } = made.server;
const garbage = file('garbage', 'not what you think\n');
const empty = file('empty', '');
const binary = file('binary', new Uint8Array(300).fill(0x30));
const onlyKey = made.server.keyFile;
const cutPem = file('cut.pem', made.server.cert.slice(0, -40));
const cutDer = file('cut.der', der.subarray(0, -10));
const cutLater = file('cut-later.pem', made.server.cert + made.intermediate.cert.slice(0, 100));
const damagedLater = file(
  'damaged.pem',
  `${made.server.cert}-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n`,
);
const publicKey = file('public.pem', '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n');
const cutKey = file('cut-key.pem', made.server.key.slice(0, -60));
const encryptedLegacy = file(
  'encrypted-legacy.pem',
  '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\nAAAA\n-----END RSA PRIVATE KEY-----\n',
);
const encryptedDer = file(
  'encrypted.der',
  Buffer.from(
    readFileSync(made.ec.encryptedPem, 'latin1')
      .replace(/-----.*-----/g, '')
      .trim(),
    'base64',
  ),
);
const missing = join(directory, 'missing');

const FAILING: readonly (readonly [string, string, string, number, string])[] = [
  ['no such key', missing, goodCert, 111, `read KEYFILE ${missing}: no such file or directory`],
  ['no such certificate', goodKey, missing, 111, `read CERTFILE ${missing}: no such file or directory`],
  ['a directory for a key', directory, goodCert, 111, `read KEYFILE ${directory}: illegal operation on a directory`],
  ['a file on the way', join(goodKey, 'x'), goodCert, 111, `read KEYFILE ${goodKey}/x: not a directory`],
  ['text for a key', garbage, goodCert, 96, `use KEYFILE ${garbage}: no private key in it`],
  ['nothing for a key', empty, goodCert, 96, `use KEYFILE ${empty}: no private key in it`],
  ['noise for a key', binary, goodCert, 96, `use KEYFILE ${binary}: no private key in it`],
  ['a certificate for a key', goodCert, goodCert, 96, `use KEYFILE ${goodCert}: no private key in it`],
  ['a public key', publicKey, goodCert, 96, `use KEYFILE ${publicKey}: no private key in it`],
  ['half a key', cutKey, goodCert, 96, `use KEYFILE ${cutKey}: no private key in it`],
  ['an encrypted key', made.ec.encryptedPem, goodCert, 96, `use KEYFILE ${made.ec.encryptedPem}: the key is encrypted`],
  ['an encrypted old key', encryptedLegacy, goodCert, 96, `use KEYFILE ${encryptedLegacy}: the key is encrypted`],
  ['an encrypted key in DER', encryptedDer, goodCert, 96, `use KEYFILE ${encryptedDer}: the key is encrypted`],
  ['text for a certificate', goodKey, garbage, 96, `use CERTFILE ${garbage}: no certificate in it`],
  ['nothing for a certificate', goodKey, empty, 96, `use CERTFILE ${empty}: no certificate in it`],
  ['noise for a certificate', goodKey, binary, 96, `use CERTFILE ${binary}: no certificate in it`],
  ['a key for a certificate', goodKey, onlyKey, 96, `use CERTFILE ${onlyKey}: no certificate in it`],
  ['half a certificate', goodKey, cutPem, 96, `use CERTFILE ${cutPem}: a certificate in it is cut short`],
  ['half a certificate in DER', goodKey, cutDer, 96, `use CERTFILE ${cutDer}: no certificate in it`],
  ['half a chain', goodKey, cutLater, 96, `use CERTFILE ${cutLater}: a certificate in it is cut short`],
  ['a damaged chain', goodKey, damagedLater, 96, `use CERTFILE ${damagedLater}: its certificate 2 is damaged`],
  [
    'the certificate of another key',
    goodKey,
    stranger,
    96,
    `use CERTFILE ${stranger}: its first certificate is not for the key in KEYFILE ${goodKey}`,
  ],
  [
    'the certificate of another kind of key',
    made.rsa.pkcs8Pem,
    goodCert,
    96,
    `use CERTFILE ${goodCert}: its first certificate is not for the key in KEYFILE ${made.rsa.pkcs8Pem}`,
  ],
];

for (const [title, key, chain, exitCode, message] of FAILING) {
  test(`${title}: ${String(exitCode)}, naming the variable and the file`, () => {
    assertDies(() => load(key, chain), exitCode, `unable to ${message}`);
    assertDies(() => open(key, chain), exitCode, `unable to ${message}`);
  });
}

test('a failure in a named pair names its variable', () => {
  const pair = { serverName: 'a.example', ...paths(goodKey, missing, ':a.example') };
  assertDies(
    () => loadCredentials({ namedPairs: [pair] }),
    111,
    `unable to read CERTFILE:a.example ${missing}: no such file or directory`,
  );
});

if (process.getuid?.() !== 0) {
  test('a key that may not be read: 111', () => {
    const secret = '/proc/1/mem';
    assertDies(() => load(secret, goodCert), 111, `unable to read KEYFILE ${secret}: permission denied`);
  });
}

const load = (key: string, chain: string) =>
  loadCredentials({ defaultPair: paths(key, chain), namedPairs: [] }).defaultPair;

/** As a connection does: OpenSSL is asked first, and the files are examined when it refuses. */
const open = (key: string, chain: string) => openContexts({ defaultPair: paths(key, chain), namedPairs: [] }, DEFAULTS);

const paths = (key: string, chain: string, suffix = ''): PairPaths => ({
  key: { variable: `KEYFILE${suffix}`, path: key },
  certificates: { variable: `CERTFILE${suffix}`, path: chain },
});

test.run();
