import { spawnSync } from 'node:child_process';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { issue, type Order } from './support/issue.ts';
import { installed } from './support/live-skips.ts';

// The throw-away certificates must be right, or a client that refuses one says nothing about the program.

const ALGORITHMS = ['P-256', 'RSA'] as const;

/** A root, an intermediate and a leaf, in PEM. */
const chain = (algorithm: NonNullable<Order['algorithm']>, to?: Date) => {
  const authority = { isAuthority: true, algorithm };
  const root = issue({ subject: { CN: 'root' }, ...authority });
  const intermediate = issue({ subject: { CN: 'intermediate' }, signer: root.signer, ...authority });
  const leaf = issue({
    subject: { O: 'marble', CN: 'leaf' },
    names: ['localhost', '*.example.org', '127.0.0.1', '::1'],
    signer: intermediate.signer,
    algorithm,
    ...(to !== undefined && { to }),
  });
  return { root, intermediate, leaf };
};

for (const algorithm of ALGORITHMS) {
  test(`a certificate fits its key, and leads to whoever signed it (${algorithm})`, () => {
    const { intermediate, leaf } = chain(algorithm, new Date('2020-02-01'));
    const [signer, read] = [new X509Certificate(intermediate.cert), new X509Certificate(leaf.cert)];
    assert.ok(read.checkPrivateKey(createPrivateKey(leaf.key)));
    assert.ok(read.verify(signer.publicKey) && read.checkIssued(signer));
    assert.equal([signer.ca, read.ca], [true, false]);
    assert.is(read.checkHost('a.example.org'), '*.example.org');
    assert.is(read.checkIP('127.0.0.1'), '127.0.0.1');
    assert.is(read.checkIP('::1'), '::1');
    assert.is(read.subject, 'O=marble\nCN=leaf');
    assert.is(read.validTo, 'Feb  1 00:00:00 2020 GMT');
  });
}

/** Runs `command` in a directory that holds `files`; what it said, if it failed. */
const complaint = (files: Readonly<Record<string, string>>, command: readonly string[]): string => {
  const cwd = mkdtempSync(join(tmpdir(), 'marble-tls-issue-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
    const [file = '', ...args] = command;
    const { status, stdout, stderr } = spawnSync(file, args, { cwd, encoding: 'utf8' });
    return status === 0 ? '' : stdout + stderr;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
};

if (installed('openssl', "openssl's strict opinion of our certificates")) {
  const verify = ['openssl', 'verify', '-x509_strict', '-check_ss_sig', '-CAfile', 'root'];
  for (const algorithm of ALGORITHMS) {
    test(`openssl verify -x509_strict is content with a chain (${algorithm})`, () => {
      const { root, intermediate, leaf } = chain(algorithm);
      const files = { root: root.cert, intermediate: intermediate.cert, leaf: leaf.cert };
      const untrusted = ['-untrusted', 'intermediate'];
      for (const purpose of ['sslserver', 'sslclient']) {
        assert.is(complaint(files, [...verify, ...untrusted, '-purpose', purpose, 'leaf']), '');
      }
      assert.is(complaint(files, [...verify, ...untrusted, '-verify_hostname', 'x.example.org', 'leaf']), '');
      assert.is(complaint(files, [...verify, ...untrusted, '-verify_ip', '::1', 'leaf']), '');
      assert.match(complaint(files, [...verify, 'leaf']), /unable to get local issuer certificate/);
    });

    test(`openssl finds an expired certificate expired, and nothing else wrong (${algorithm})`, () => {
      const { root, intermediate, leaf } = chain(algorithm, new Date('2020-02-01'));
      const files = { root: root.cert, intermediate: intermediate.cert, leaf: leaf.cert };
      const errors = complaint(files, [...verify, '-untrusted', 'intermediate', 'leaf']).match(/^error \d+ .*$/gm);
      assert.equal(errors, ['error 10 at 0 depth lookup: certificate has expired']);
    });
  }
}

if (installed('certtool', "GnuTLS's opinion of our certificates")) {
  for (const algorithm of ALGORITHMS) {
    test(`certtool is content with a chain (${algorithm})`, () => {
      const { root, intermediate, leaf } = chain(algorithm);
      const files = { root: root.cert, chain: leaf.cert + intermediate.cert };
      const verify = ['certtool', '--verify', '--load-ca-certificate', 'root', '--infile', 'chain'];
      assert.is(complaint(files, [...verify, '--verify-hostname', 'localhost', '--verify-profile', 'medium']), '');
      assert.is.not(complaint(files, [...verify, '--verify-hostname', 'elsewhere.example']), '');
    });
  }
}

test.run();
