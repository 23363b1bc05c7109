import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseEnvironment } from '../../../src/environment/settings.ts';
import type { Environment } from '../../../src/environment/settings.ts';
import { DEFAULTS } from '../../../src/options/options.ts';
import type { Options } from '../../../src/options/options.ts';
import { assertDies } from '../../fixtures/death.ts';

const PAIR = { KEYFILE: '/key', CERTFILE: '/cert' };

test('KEYFILE and CERTFILE are all that is needed, and all that is looked at', () => {
  const env = { ...PAIR, CADIR: '/ca', 'KEYFILE:lonely': '/x', TLS_UID: 'nobody' };
  assert.equal(parseEnvironment(env, DEFAULTS, false), {
    defaultPair: { key: { variable: 'KEYFILE', path: '/key' }, certificates: { variable: 'CERTFILE', path: '/cert' } },
    namedPairs: [],
  });
});

test('CADIR and CAFILE are read for client certificates only, and CADIR is preferred', () => {
  for (const clientCertificate of ['optional', 'mandatory'] as const) {
    const anchors = (env: Environment) => settings({ ...PAIR, ...env }, { clientCertificate }).anchors;
    assert.equal(anchors({ CADIR: '/d' }), { kind: 'directory', variable: 'CADIR', path: '/d' });
    assert.equal(anchors({ CAFILE: '/f' }), { kind: 'file', variable: 'CAFILE', path: '/f' });
    assert.equal(anchors({ CAFILE: '/f', CADIR: '/d' }), { kind: 'directory', variable: 'CADIR', path: '/d' });
    assert.equal(anchors({ CAFILE: '/f', CADIR: '' }), { kind: 'file', variable: 'CAFILE', path: '/f' });
  }
});

test('TLS_UID and TLS_GID are read as root only, and each may be set alone', () => {
  const ids = (env: Environment, isRoot = true) => {
    const { uid, gid } = settings({ ...PAIR, ...env }, {}, isRoot);
    return [uid, gid];
  };
  assert.equal(ids({ TLS_UID: '1000', TLS_GID: '100' }), [1000, 100]);
  assert.equal(ids({ TLS_UID: '0' }), [0, undefined]);
  assert.equal(ids({ TLS_GID: '4294967294' }), [undefined, 4_294_967_294]);
  assert.equal(ids({}), [undefined, undefined]);
  assert.equal(ids({ TLS_UID: 'x', TLS_GID: '-1' }, false), [undefined, undefined]);
  assert.equal(ids({ TLS_UID: '5' }, false), [undefined, undefined]);
});

test('under -k 1 the named pairs are read besides the default pair, under -k 2 instead of it', () => {
  const env = { 'KEYFILE:A.example': '/ka', 'CERTFILE:a.example': '/ca' };
  const namedPairs = [
    {
      serverName: 'a.example',
      key: { variable: 'KEYFILE:A.example', path: '/ka' },
      certificates: { variable: 'CERTFILE:a.example', path: '/ca' },
    },
  ];
  assert.equal(settings({ ...PAIR, ...env }, { sniLevel: 1 }), { ...settings(PAIR), namedPairs });
  assert.equal(settings(env, { sniLevel: 2 }), { namedPairs });
  assert.equal(settings({ ...PAIR, ...env }, { sniLevel: 2 }), { namedPairs });
  assert.equal(settings({ ...PAIR, ...env }, { sniLevel: 0 }), settings(PAIR));
  assert.equal(settings(PAIR, { sniLevel: 1 }), settings(PAIR));
});

for (const name of [
  'localhost',
  '*.example.org',
  'a-b.c_d.example',
  'xn--bcher-kva.example',
  '1.example',
  `${'a'.repeat(63)}.b`,
]) {
  test(`${name} is a server name`, () => {
    const env = { [`KEYFILE:${name}`]: '/k', [`CERTFILE:${name}`]: '/c' };
    assert.equal(
      settings(env, { sniLevel: 2 }).namedPairs.map(({ serverName }) => serverName),
      [name],
    );
  });
}

const NO_NAMES = [
  '', '*', '*.', '.', 'a.', '.a', 'a..b', 'a.*', 'a.*.b', '*a.b', 'a*.b', '**.b', '*.*.b', '-a.b', 'a-.b', 'a b', 'bücher.example',
  'a:b', 'a/b', 'a\n', `${'a'.repeat(64)}.b`, Array(128).fill('a').join('.'),
]; // prettier-ignore

for (const name of NO_NAMES) {
  test(`${JSON.stringify(name)} is no server name: 100`, () => {
    const env = { ...PAIR, [`KEYFILE:${name}`]: '/k', [`CERTFILE:${name}`]: '/c' };
    const shown = name.replace('\n', '\\x0a');
    assertDies(
      () => settings(env, { sniLevel: 1 }),
      100,
      `unable to use the environment: KEYFILE:${shown} does not end in a server name or *.domain`,
    );
  });
}

const REFUSED: readonly (readonly [string, Environment, Partial<Options>, string])[] = [
  ['KEYFILE unset', { CERTFILE: '/c' }, {}, 'KEYFILE is not set'],
  ['KEYFILE empty', { KEYFILE: '', CERTFILE: '/c' }, {}, 'KEYFILE is not set'],
  ['CERTFILE unset', { KEYFILE: '/k' }, {}, 'CERTFILE is not set'],
  ['KEYFILE unset under -k 1', { CERTFILE: '/c' }, { sniLevel: 1 }, 'KEYFILE is not set'],
  [
    'no anchors under -Y',
    PAIR,
    { clientCertificate: 'optional' },
    'neither CADIR nor CAFILE is set, and client certificates need one of them',
  ],
  [
    'no anchors under -y',
    { ...PAIR, CADIR: '' },
    { clientCertificate: 'mandatory' },
    'neither CADIR nor CAFILE is set, and client certificates need one of them',
  ],
  ['-k 2 without a pair', PAIR, { sniLevel: 2 }, 'no KEYFILE:name and CERTFILE:name are set, which -k 2 needs'],
  [
    'a key without its certificate',
    { ...PAIR, 'KEYFILE:a.b': '/k' },
    { sniLevel: 1 },
    'KEYFILE:a.b is set, CERTFILE:a.b is not',
  ],
  [
    'a certificate without its key',
    { 'CERTFILE:a.b': '/c', 'KEYFILE:a.b': '' },
    { sniLevel: 2 },
    'CERTFILE:a.b is set, KEYFILE:a.b is not',
  ],
  [
    'one name in two cases',
    { 'KEYFILE:a.b': '/k', 'KEYFILE:A.B': '/k', 'CERTFILE:a.b': '/c' },
    { sniLevel: 2 },
    'KEYFILE:a.b is set twice, in different case',
  ],
];

for (const [title, env, options, reason] of REFUSED) {
  test(`${title}: 100`, () => {
    assertDies(() => settings(env, options), 100, `unable to use the environment: ${reason}`);
  });
}

for (const variable of ['TLS_UID', 'TLS_GID']) {
  for (const id of [
    '',
    '-1',
    '+1',
    ' 1',
    '1 ',
    '1\n',
    '0x10',
    '1.5',
    '1e3',
    'nobody',
    '4294967295',
    '99999999999999999999',
  ]) {
    test(`${variable}=${JSON.stringify(id)} as root: 100`, () => {
      const shown = id.replace('\n', '\\x0a');
      assertDies(
        () => settings({ ...PAIR, [variable]: id }, {}, true),
        100,
        `unable to use the environment: ${variable} is not a number from 0 to 4294967294: ${shown}`,
      );
    });
  }
}

test('MARBLE_TLS_TRACE and SSLKEYLOGFILE count when they hold something, and the options go before them', () => {
  const named = (env: Environment, options: Partial<Options> = {}) => {
    const { trace, keyLog } = settings({ ...PAIR, ...env }, options);
    return [trace, keyLog];
  };
  assert.equal(named({}), [undefined, undefined]);
  assert.equal(named({ MARBLE_TLS_TRACE: '', SSLKEYLOGFILE: '' }), [undefined, undefined]);
  assert.equal(named({ MARBLE_TLS_TRACE: '/t', SSLKEYLOGFILE: '/k' }), ['/t', '/k']);
  assert.equal(named({ MARBLE_TLS_TRACE: '/t', SSLKEYLOGFILE: '/k' }, { trace: 'o' }), ['o', '/k']);
  assert.equal(named({ MARBLE_TLS_TRACE: '', SSLKEYLOGFILE: '/k' }, { trace: 'o', keyLog: 'p' }), ['o', 'p']);
});

const settings = (env: Environment, options: Partial<Options> = {}, isRoot = false) =>
  parseEnvironment(env, { ...DEFAULTS, ...options }, isRoot);

test.run();
