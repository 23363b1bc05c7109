import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DEFAULTS, OPTIONS } from '../../../src/options/options.ts';
import { parseServerOptions } from '../../../src/options/parse-server.ts';
import { parseOptions } from '../../../src/options/parse.ts';
import { S6_TLSD } from '../../../src/options/s6-tlsd.ts';
import { S6_TLSSERVER } from '../../../src/options/s6-tlsserver.ts';
import { SERVER_DEFAULTS, SERVER_OPTIONS } from '../../../src/options/server-options.ts';
import type { ServerOptions } from '../../../src/options/server-options.ts';
import { assertDies } from '../../fixtures/death.ts';

test('without options everything is as the manual says, and as with s6-tlsd', () => {
  assert.equal(run('0', '4433', 'prog').options, {
    ...DEFAULTS,
    printPort: false,
    maxConnections: 40,
    maxPerClient: Infinity,
    backlog: 511,
    uid: undefined,
    gid: undefined,
    workers: 0,
  });
});

const EACH: readonly (readonly [string, string, Partial<ServerOptions>])[] = [
  ['-1', '--print-port', { printPort: true }],
  ['-c7', '--max-connections=7', { maxConnections: 7 }],
  ['-C2', '--max-per-client=2', { maxPerClient: 2 }],
  ['-b1', '--backlog=1', { backlog: 1 }],
  ['-u0', '--uid=0', { uid: 0 }],
  ['-g65534', '--gid=65534', { gid: 65_534 }],
  ['-w4', '--workers=4', { workers: 4 }],
];

for (const [short, long, expected] of EACH) {
  test(`${short} and ${long} mean the same to s6-tlsserver, and nothing to s6-tlsd`, () => {
    assert.equal(run(short, '0', '4433', 'prog').options, { ...SERVER_DEFAULTS, ...expected });
    assert.equal(run(long, '0', '4433', 'prog').options, { ...SERVER_DEFAULTS, ...expected });
    const unknown = (word: string): string =>
      `unable to parse options: unknown option ${word}; usage: ${S6_TLSD.usage}`;
    assertDies(() => parseOptions([short, 'prog']), 100, unknown(short.slice(0, 2)));
    assertDies(() => parseOptions([long, 'prog']), 100, unknown(long.replace(/=.*/, '')));
  });
}

test('every option of the table is tested above, or is one of s6-tlsd', () => {
  assert.equal(
    SERVER_OPTIONS.map(({ letter, long }) => [letter, long]),
    [
      ...EACH.map(([short, long]) => [short[1], long.slice(2).replace(/=.*/, '')]),
      ...OPTIONS.map(({ letter, long }) => [letter, long]),
    ],
  );
});

const tlsWords = fc.array(
  fc.constantFrom('-S', '-NsJ', '--keep-environment', '-Yv2', '-K500', '--sni-level=2', '--trace=a', '--keylog=%p'),
);

test('the options of s6-tlsd mean what they mean to s6-tlsd', () => {
  fc.assert(
    fc.property(tlsWords, (words) => {
      const command = parseOptions([...words, 'prog']);
      assert.is(command.kind, 'run');
      const options = command.kind === 'run' ? command.options : undefined;
      assert.equal(run(...words, '0', '4433', 'prog').options, { ...SERVER_DEFAULTS, ...options });
    }),
  );
});

test('letters of both programs can be bundled', () => {
  const expected = { ...SERVER_DEFAULTS, printPort: true, policy: 'S', maxConnections: 1000 };
  for (const argv of [['-1Sc1000'], ['-S1c', '1000'], ['-1', '-S', '-c', '1000']]) {
    assert.equal(run(...argv, '0', '4433', 'prog').options, expected, argv.join(' '));
  }
});

test('of options given twice the last wins', () => {
  assert.is(run('-c5', '--max-connections=9', '-c', '7').options.maxConnections, 7);
  assert.is(run('-u1', '-u', '0').options.uid, 0);
});

test('the words after the options are kept as they are, and not looked at', () => {
  assert.equal(run('-1', '127.0.0.1', '0', 'prog', '-1', '--help').words, ['127.0.0.1', '0', 'prog', '-1', '--help']);
  assert.equal(run('-1', '--', '-c', '5').words, ['-c', '5']);
  assert.equal(run('-', '-c').words, ['-', '-c']);
  assert.equal(run('::', '65536').words, ['::', '65536']);
  assert.equal(run('-1').words, []);
  assert.equal(run().words, []);
});

test('numbers reach from one bound to the other', () => {
  assert.equal(run('-c1', '-C1', '-b1', '-u0', '-g0', '-w0').options, {
    ...SERVER_DEFAULTS,
    maxConnections: 1,
    maxPerClient: 1,
    backlog: 1,
    uid: 0,
    gid: 0,
    workers: 0,
  });
  assert.equal(run('-c2147483647', '-C2147483647', '-b2147483647', '-u4294967294', '-g4294967294', '-w8192').options, {
    ...SERVER_DEFAULTS,
    maxConnections: 2_147_483_647,
    maxPerClient: 2_147_483_647,
    backlog: 2_147_483_647,
    uid: 4_294_967_294,
    gid: 4_294_967_294,
    workers: 8192,
  });
});

const REFUSED: readonly (readonly [readonly string[], string])[] = [
  [['-c0'], 'option -c: 0 is less than 1'],
  [['--max-connections=00'], 'option --max-connections: 00 is less than 1'],
  [['-C', '0'], 'option -C: 0 is less than 1'],
  [['-b0'], 'option -b: 0 is less than 1'],
  [['-c2147483648'], 'option -c: 2147483648 is more than 2147483647'],
  [['-C2147483648'], 'option -C: 2147483648 is more than 2147483647'],
  [['-b2147483648'], 'option -b: 2147483648 is more than 2147483647'],
  [['-u4294967295'], 'option -u: 4294967295 is more than 4294967294'],
  [['-g4294967295'], 'option -g: 4294967295 is more than 4294967294'],
  [['-w8193'], 'option -w: 8193 is more than 8192'],
  [['-u', 'nobody'], 'option -u: not a number: nobody'],
  [['-g', ''], 'option -g: not a number: nothing'],
  [['-c', '-1'], 'option -c: not a number: -1'],
  [['-c0', '-c5'], 'option -c: 0 is less than 1'],
  [['-w'], 'option -w needs a number'],
  [['-1=4433'], 'unknown option -='],
  [['--print-port=yes'], 'option --print-port takes no value'],
  [['-k3'], 'option -k: 3 is more than 2'],
  [['-2'], 'unknown option -2'],
  [['--port'], 'unknown option --port'],
];

for (const [argv, reason] of REFUSED) {
  test(`${JSON.stringify(argv)} is refused with 100, the reason and the usage on one line`, () => {
    assertDies(() => parseServerOptions(argv), 100, `unable to parse options: ${reason}; usage: ${S6_TLSSERVER.usage}`);
  });
}

test('the usage line is that of the manual', () => {
  assert.is(
    S6_TLSSERVER.usage,
    's6-tlsserver [ -1 ] [ -c maxconn ] [ -C localmaxconn ] [ -b backlog ] [ -u uid ] [ -g gid ] [ -w workers ] [ -S | -s | -N ] [ -J | -j ] [ -Y | -y ] [ -Z | -z ] [ -v verbosity ] [ -K kimeout ] [ -k snilevel ] [ --trace FILE ] [ --trace-content ] [ --keylog FILE ] [ -- ] { host port | path | - } prog...',
  );
});

const run = (...argv: readonly string[]) => {
  const command = parseServerOptions(argv);
  if (command.kind !== 'run') throw new Error(`not to be run: ${command.kind}`);
  return command;
};

test.run();
