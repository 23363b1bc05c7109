import { chmodSync, mkdirSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { certificates } from '../fixtures/certificates.ts';
import { skip } from '../support/live-skips.ts';
import { eachProtocol, once, PROGRAM, type Live, type Order } from './support/live.ts';

// Spec sections 2, 3 and 4: everything that can be wrong before a peer matters, with its exact exit code.

type Variables = Readonly<Record<string, string | undefined>>;

/** Starts with a peer that stays silent: the program must die by itself, with one line and without a byte for the peer. */
const dies = async (live: Live, status: number, what: RegExp, order: Partial<Order>): Promise<void> => {
  const { peer, tlsd } = await live.meet({ prog: ['sh', '-c', 'echo "R"AN >&2'], handshake: 'none', ...order });
  assert.is(await tlsd.exit(), status, tlsd.stderr);
  assert.match(tlsd.stderr, /^s6-tlsd: [^\n]+\n$/, 'one readable line on fd 2');
  assert.match(tlsd.stderr, what);
  await peer.ended();
  assert.is(peer.bytes, 0, 'nothing on fd 1');
};

const usage: readonly (readonly [title: string, options: readonly string[], what: RegExp])[] = [
  ['an unknown option', ['-x'], /-x\b/],
  ['an unknown option in a bundle', ['-Sx'], /-x\b/],
  ['an unknown long option', ['--no-such-option'], /no-such-option/],
  ['-K with no number', ['-K', 'abc'], /-K/],
  ['-K with a negative number', ['-K', '-1'], /-K/],
  ['-K with a fraction', ['-K1.5'], /-K/],
  ['-K that is larger than any timer', ['-K', '99999999999'], /-K/],
  ['-v with no number', ['-v', 'loud'], /-v/],
  ['-k with no such level', ['-k', '3'], /-k/],
];
for (const [title, options, what] of usage) once(`100: ${title}`, (live) => dies(live, 100, what, { options }));

once('100: no prog at all', async (live) => {
  await dies(live, 100, /usage/, { prog: [] });
  await dies(live, 100, /usage/, { options: ['-S', '--'], prog: [] });
});

const environment = (): readonly (readonly [
  title: string,
  status: number,
  options: readonly string[],
  env: Variables,
])[] => {
  const { directory, server, strangerClient, sni } = certificates();
  const empty = join(directory, 'empty');
  mkdirSync(empty, { recursive: true });
  const garbage = join(directory, 'garbage');
  writeFileSync(garbage, 'this is no key\n');
  const missing = join(directory, 'missing');
  return [
    ['KEYFILE unset', 100, [], { KEYFILE: undefined }],
    ['CERTFILE unset', 100, [], { CERTFILE: undefined }],
    ['CADIR and CAFILE unset with -Y', 100, ['-Y'], {}],
    ['CADIR and CAFILE unset with -y', 100, ['-y'], {}],
    ['TLS_UID that is no number', 100, [], { TLS_UID: 'nobody' }],
    ['TLS_GID that is negative', 100, [], { TLS_GID: '-1' }],
    ['TLS_UID that is too large', 100, [], { TLS_UID: '99999999999' }],
    ['KEYFILE:a.example.org without its CERTFILE', 100, ['-k1'], { 'KEYFILE:a.example.org': sni[0].keyFile }],
    ['KEYFILE that does not exist', 111, [], { KEYFILE: missing }],
    ['CERTFILE that does not exist', 111, [], { CERTFILE: missing }],
    ['CAFILE that does not exist', 111, ['-y'], { CAFILE: missing }],
    ['CADIR that does not exist', 111, ['-y'], { CADIR: missing }],
    ['KEYFILE that is a directory', 111, [], { KEYFILE: directory }],
    ['KEYFILE that is no key', 96, [], { KEYFILE: garbage }],
    ['CERTFILE that is no certificate', 96, [], { CERTFILE: garbage }],
    ['KEYFILE that does not fit CERTFILE', 96, [], { KEYFILE: strangerClient.keyFile, CERTFILE: server.certFile }],
    ['CAFILE that holds no certificate', 96, ['-y'], { CAFILE: garbage }],
    ['CADIR that is empty', 96, ['-y'], { CADIR: empty }],
    [
      'KEYFILE:a.example.org that is no key',
      96,
      ['-k1'],
      { 'KEYFILE:a.example.org': garbage, 'CERTFILE:a.example.org': sni[0].certFile },
    ],
  ];
};
const asRoot = process.getuid?.() === 0;
for (const [title, status, options, env] of environment()) {
  // Only root's are read at all.
  if (!asRoot && title.startsWith('TLS_')) {
    skip(`${title}: only root can try`);
    continue;
  }
  once(`${String(status)}: ${title}, and the message names it`, async (live) => {
    const name = title.split(' ')[0] ?? '';
    await dies(live, status, new RegExp(name), { options, env });
  });
}

once('111: a message about a file names the file', async (live) => {
  const missing = join(certificates().directory, 'missing');
  await dies(live, 111, new RegExp(missing), { env: { KEYFILE: missing } });
});

once('a file name with a newline does not make two lines', async (live) => {
  await dies(live, 111, /KEYFILE/, { env: { KEYFILE: '/nowhere/a\ns6-tlsd: fatal: forged' } });
});

const unrunnable = (): readonly (readonly [title: string, status: number, prog: string])[] => {
  const { directory } = certificates();
  const plain = join(directory, 'not-executable');
  writeFileSync(plain, '#!/bin/sh\nexit 0\n');
  chmodSync(plain, 0o644);
  return [
    ['a prog that is nowhere in PATH', 127, 'no-such-program-anywhere'],
    ['a prog whose file does not exist', 127, join(directory, 'missing')],
    ['a prog that is not executable', 126, plain],
    ['a prog that is a directory', 126, directory],
  ];
};
for (const [title, status, prog] of unrunnable())
  for (const [policy, ending] of [
    ['-s', 'fin'],
    ['-S', 'close_notify, fin'],
  ] as const)
    // In TLS 1.2 the server has the last word of the handshake: our ending must not overtake it.
    eachProtocol(`${String(status)}: ${title}, and under ${policy} the peer gets an orderly end`, async (live) => {
      const { peer, tlsd } = await live.meet({ options: [policy], prog: [prog] });
      assert.is(await peer.ended(), ending);
      peer.fin();
      assert.is(await tlsd.exit(), status);
      assert.match(tlsd.stderr, /^s6-tlsd: [^\n]+\n$/);
      assert.ok(tlsd.stderr.includes(prog), tlsd.stderr);
    });

// OpenSSL's session tickets of TLS 1.3 come after the handshake, and so does prog's failure.
once('127: under -S our close_notify is the last record, behind the session tickets', async (live) => {
  const trace = join(certificates().directory, 'last-record.trace');
  const { peer, tlsd } = await live.meet({ options: ['-S', `--trace=${trace}`], prog: ['no-such-program-anywhere'] });
  await peer.ended();
  peer.fin();
  assert.is(await tlsd.exit(), 127);
  const out = readFileSync(trace, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
    .filter(({ stream, direction }) => stream === 'wire' && direction === 'out');
  assert.equal(
    out.slice(-2).map(({ kind, bytes }) => [kind, bytes]),
    [
      ['record', CLOSE_NOTIFY_RECORD],
      ['fin', undefined],
    ],
  );
});
/** Header, alert, content type, authentication tag: bytes (RFC 8446 §5.2). */
const CLOSE_NOTIFY_RECORD = 5 + 2 + 1 + 16;

once('--help and --version are asked for before the network is touched', async (live) => {
  for (const option of ['--help', '--version']) {
    const running = live.run([PROGRAM, option]);
    assert.is(await running.exit(), 0);
    assert.ok(running.stdout.length > 0);
    assert.is(running.stderr, '');
  }
});

once("--help behind prog is prog's", async (live) => {
  const { peer, tlsd } = await live.meet({ prog: ['echo', '--help', '--version', '-x'] });
  await peer.ended();
  assert.is(peer.text, '--help --version -x\n');
  peer.fin();
  assert.is(await tlsd.exit(), 0);
});

once('111: fd 0 that is neither a socket nor a pipe', async (live) => {
  const running = live.run(['sh', '-c', 'exec "$0" true </dev/null >/dev/null', PROGRAM]);
  assert.is(await running.exit(), 111);
  assert.match(running.stderr, /^s6-tlsd: fatal: [^\n]+\n$/);
});

test.run();
