import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadAnchors } from '../../../src/credentials/anchors.ts';
import { certificates } from '../../fixtures/certificates.ts';
import { assertDies } from '../../fixtures/death.ts';
import { installed } from '../../support/live-skips.ts';

const made = certificates();

test('CAFILE holds many anchors', () => {
  const path = join(directory({ 'all.pem': made.root.cert + made.clientCa.cert }), 'all.pem');
  assert.equal(inFile(path), [made.root.cert, made.clientCa.cert]);
});

test('CADIR holds anchors in PEM and in DER, in files of any name', () => {
  const path = directory({ a: made.root.cert, 'b.der': readFileSync(made.ec.certDer), 'c.pem': made.clientCa.cert });
  assert.equal(inDirectory(path), [made.root.cert, readFileSync(made.ec.certPem, 'utf8'), made.clientCa.cert]);
});

test('subdirectories and dotfiles of CADIR are skipped', () => {
  const path = directory({ a: made.root.cert, '.keep': '', '.hidden': 'no certificate' });
  mkdirSync(join(path, 'more'));
  symlinkSync('more', join(path, 'link-to-more'));
  assert.equal(inDirectory(path), [made.root.cert]);
});

test('links are followed, and an anchor counts once', () => {
  const path = directory({ 'root.pem': made.root.cert });
  symlinkSync('root.pem', join(path, '01234567.0'));
  symlinkSync(made.clientCa.certFile, join(path, '89abcdef.0'));
  assert.equal(inDirectory(path), [made.root.cert, made.clientCa.cert]);
});

if (installed('openssl', 'a CADIR made by openssl rehash')) {
  test('a directory made by openssl rehash can be a CADIR', () => {
    const path = directory({ 'root.pem': made.root.cert });
    execFileSync('openssl', ['rehash', path], { stdio: 'pipe' });
    assert.is(readdirSync(path).length, 2);
    assert.equal(inDirectory(path), [made.root.cert]);
  });
}

test('an empty set is refused with 96', () => {
  const path = directory({ '.keep': '' });
  assertDies(() => inDirectory(path), 96, `unable to use CADIR ${path}: no trust anchor in it`);
  const empty = join(directory({ empty: '' }), 'empty');
  assertDies(() => inFile(empty), 96, `unable to use CAFILE ${empty}: no certificate in it`);
});

test('a file without a certificate is refused with 96', () => {
  const path = directory({ a: made.root.cert, README: 'read me', key: made.root.key });
  assertDies(() => inDirectory(path), 96, `unable to use CADIR ${path}/README: no certificate in it`);
  assertDies(() => inFile(made.root.keyFile), 96, `unable to use CAFILE ${made.root.keyFile}: no certificate in it`);
});

test('a damaged anchor among good ones is refused with 96', () => {
  const damaged = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
  const path = join(directory({ all: made.root.cert + damaged }), 'all');
  assertDies(() => inFile(path), 96, `unable to use CAFILE ${path}: its certificate 2 is damaged`);
});

test('a FIFO in CADIR is refused with 96, and not waited for', () => {
  const path = directory({ a: made.root.cert });
  execFileSync('mkfifo', [join(path, 'fifo')]);
  assertDies(() => inDirectory(path), 96, `unable to use CADIR ${path}/fifo: neither a file nor a directory`);
});

test('what cannot be read is 111', () => {
  const path = directory({});
  assertDies(() => inDirectory(`${path}/x`), 111, `unable to read CADIR ${path}/x: no such file or directory`);
  assertDies(() => inFile(`${path}/x`), 111, `unable to read CAFILE ${path}/x: no such file or directory`);
  assertDies(() => inFile(path), 111, `unable to read CAFILE ${path}: illegal operation on a directory`);
  const { certFile } = made.root;
  assertDies(() => inDirectory(certFile), 111, `unable to read CADIR ${certFile}: not a directory`);
  symlinkSync('nowhere', join(path, 'dangling'));
  assertDies(() => inDirectory(path), 111, `unable to read CADIR ${path}/dangling: no such file or directory`);
});

const inDirectory = (path: string) => loadAnchors({ kind: 'directory', variable: 'CADIR', path });
const inFile = (path: string) => loadAnchors({ kind: 'file', variable: 'CAFILE', path });

const directory = (files: Readonly<Record<string, string | Uint8Array>>): string => {
  const path = mkdtempSync(join(made.directory, 'anchors-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
};

test.run();
