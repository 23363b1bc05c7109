import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DEFAULTS, OPTIONS } from '../../../src/options/options.ts';
import type { Options } from '../../../src/options/options.ts';
import { parseOptions } from '../../../src/options/parse.ts';
import { S6_TLSD } from '../../../src/options/s6-tlsd.ts';
import { assertDies } from '../../fixtures/death.ts';

test('without options everything is as the manual says', () => {
  assert.equal(run('prog').options, {
    policy: 's',
    requireCloseNotify: false,
    clientCertificate: 'none',
    keepEnvironment: false,
    verbosity: 1,
    idleTimeout: 0,
    sniLevel: 0,
    trace: undefined,
    traceContent: false,
    keyLog: undefined,
  });
});

const EACH: readonly (readonly [string, string, Partial<Options>])[] = [
  ['-s', '--half-close', { policy: 's' }],
  ['-S', '--close-notify', { policy: 'S' }],
  ['-N', '--notify-half-close', { policy: 'N' }],
  ['-j', '--allow-truncation', { requireCloseNotify: false }],
  ['-J', '--require-close-notify', { requireCloseNotify: true }],
  ['-Y', '--request-client-certificate', { clientCertificate: 'optional' }],
  ['-y', '--require-client-certificate', { clientCertificate: 'mandatory' }],
  ['-z', '--clean-environment', { keepEnvironment: false }],
  ['-Z', '--keep-environment', { keepEnvironment: true }],
  ['-v3', '--verbosity=3', { verbosity: 3 }],
  ['-K500', '--idle-timeout=500', { idleTimeout: 500 }],
  ['-k2', '--sni-level=2', { sniLevel: 2 }],
];

for (const [short, long, expected] of EACH) {
  test(`${short} and ${long} mean the same`, () => {
    assert.equal(run(short, 'prog').options, { ...DEFAULTS, ...expected });
    assert.equal(run(long, 'prog').options, { ...DEFAULTS, ...expected });
  });
}

const LONG_ONLY: readonly (readonly [readonly string[], Partial<Options>])[] = [
  [['--trace=a.trace'], { trace: 'a.trace' }],
  [['--trace-content'], { traceContent: true }],
  [['--keylog', '%p.log'], { keyLog: '%p.log' }],
];

for (const [argv, expected] of LONG_ONLY) {
  test(`${argv.join(' ')} is understood`, () => {
    assert.equal(run(...argv, 'prog').options, { ...DEFAULTS, ...expected });
    assert.equal(run(...argv, '-K5', 'prog').options, { ...DEFAULTS, ...expected, idleTimeout: 5 });
  });
}

test('every option of the table is tested above, and has a long form', () => {
  const tested = [...EACH.map(([, long]) => long), ...LONG_ONLY.map(([[long = '']]) => long)];
  assert.equal(
    tested.map((long) => long.replace(/=.*/, '')),
    OPTIONS.map(({ long }) => `--${long}`),
  );
  assert.equal(
    EACH.map(([short]) => short[1]),
    OPTIONS.flatMap(({ letter }) => letter ?? []),
  );
});

test('the name of a file is taken as it is, and may look like anything', () => {
  const names = ['"quoted"', "'x'", ' x ', '-S', '--', '=', 'a=b', '0x10', '1e3', 'true', 'a\nb', '%p', '%%', 'é'];
  for (const name of names) {
    assert.is(run(`--trace=${name}`, 'prog').options.trace, name);
    assert.equal(run('--keylog', name, '-S', 'prog').options, { ...DEFAULTS, keyLog: name, policy: 'S' });
  }
  assert.is(run('--trace=a', '--trace=b', 'prog').options.trace, 'b');
});

test('letters can be bundled, and a value glued on, alone, or at the end of a bundle', () => {
  const expected = { ...DEFAULTS, policy: 'S', clientCertificate: 'mandatory', idleTimeout: 500 };
  for (const argv of [['-SyK500'], ['-SyK', '500'], ['-S', '-y', '-K', '500'], ['-S', '-yK500'], ['-K500', '-yS']]) {
    assert.equal(run(...argv, 'prog').options, expected, argv.join(' '));
  }
});

test('a long value can be glued on with = or be the next word', () => {
  assert.is(run('--idle-timeout=7', 'prog').options.idleTimeout, 7);
  assert.is(run('--idle-timeout', '7', 'prog').options.idleTimeout, 7);
});

const OPPOSED: readonly (readonly [readonly string[], Partial<Options>])[] = [
  [['-S', '-s'], { policy: 's' }],
  [['-s', '-S'], { policy: 'S' }],
  [['-SN'], { policy: 'N' }],
  [['-NsS'], { policy: 'S' }],
  [['-Ns'], { policy: 's' }],
  [['-J', '-j'], { requireCloseNotify: false }],
  [['-jJ'], { requireCloseNotify: true }],
  [['-yY'], { clientCertificate: 'optional' }],
  [['-Yy'], { clientCertificate: 'mandatory' }],
  [['-Zz'], { keepEnvironment: false }],
  [['-zZ'], { keepEnvironment: true }],
  [['-S', '--half-close'], { policy: 's' }],
  [['--half-close', '-S'], { policy: 'S' }],
  [['-K5', '-K', '7'], { idleTimeout: 7 }],
  [['-v0', '--verbosity=2', '-v3'], { verbosity: 3 }],
];

for (const [argv, expected] of OPPOSED) {
  test(`the last of ${argv.join(' ')} wins`, () => {
    assert.equal(run(...argv, 'prog').options, { ...DEFAULTS, ...expected });
  });
}

test('parsing stops at the first word that is no option, or after --', () => {
  assert.equal(run('-S', 'prog', '-x', '-S', '--help').prog, ['prog', '-x', '-S', '--help']);
  assert.equal(run('-S', '--', '-s', '--version').prog, ['-s', '--version']);
  assert.equal(run('-S', '--', '--', '-s').prog, ['--', '-s']);
  assert.equal(run('-', '-s').prog, ['-', '-s']);
  assert.equal(run('', '-s').prog, ['', '-s']);
  assert.is(run('-S', 'prog', '-s').options.policy, 'S');
});

const anyWord = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '--',
    '-',
    '-S',
    '-K',
    '--help',
    '--version',
    '--sni-level=9',
    '-x',
    '__proto__',
    '--no-help',
    '=',
    '',
  ),
);
const ourWords = fc.array(
  fc.constantFrom<readonly string[]>(
    ['-S'],
    ['-sK5'],
    ['-K', '5'],
    ['--idle-timeout', '9'],
    ['--keep-environment'],
    ['-Yv2'],
  ),
);

test('whatever follows the first plain word reaches prog untouched', () => {
  fc.assert(
    fc.property(
      ourWords,
      anyWord.filter((word) => word === '-' || !word.startsWith('-')),
      fc.array(anyWord),
      (ours, file, args) => assert.equal(run(...ours.flat(), file, ...args).prog, [file, ...args]),
    ),
  );
});

test('whatever follows -- reaches prog untouched', () => {
  fc.assert(
    fc.property(ourWords, anyWord, fc.array(anyWord), (ours, file, args) =>
      assert.equal(run(...ours.flat(), '--', file, ...args).prog, [file, ...args]),
    ),
  );
});

test('numbers reach up to their bounds', () => {
  assert.is(run('-K', '2147483647', 'prog').options.idleTimeout, 2_147_483_647);
  assert.is(run('-K', '0500', 'prog').options.idleTimeout, 500);
  assert.is(run('-K0', 'prog').options.idleTimeout, 0);
  assert.is(run('-k0', 'prog').options.sniLevel, 0);
  assert.is(run('-v0', 'prog').options.verbosity, 0);
  assert.ok(run(`-v${'9'.repeat(400)}`, 'prog').options.verbosity > 3);
});

const REFUSED: readonly (readonly [readonly string[], string])[] = [
  [[], 'no program to run'],
  [['-S'], 'no program to run'],
  [['-S', '--'], 'no program to run'],
  [['-x', 'prog'], 'unknown option -x'],
  [['-Sx', 'prog'], 'unknown option -x'],
  [['-S-', 'prog'], 'unknown option --'],
  [['-h', 'prog'], 'unknown option -h'],
  [['-é', 'prog'], 'unknown option -é'],
  [['-\n', 'prog'], 'unknown option -\\x0a'],
  [['--half', 'prog'], 'unknown option --half'],
  [['--Half-Close', 'prog'], 'unknown option --Half-Close'],
  [['--halfClose', 'prog'], 'unknown option --halfClose'],
  [['--no-half-close', 'prog'], 'unknown option --no-half-close'],
  [['--help=x', 'prog'], 'unknown option --help'],
  [['--constructor', 'prog'], 'unknown option --constructor'],
  [['--=5', 'prog'], 'unknown option --'],
  [['---', 'prog'], 'unknown option ---'],
  [['--half-close=yes', 'prog'], 'option --half-close takes no value'],
  [['--half-close=', 'prog'], 'option --half-close takes no value'],
  [['-K'], 'option -K needs a number'],
  [['--sni-level'], 'option --sni-level needs a number'],
  [['-K', 'prog'], 'option -K: not a number: prog'],
  [['-K', '', 'prog'], 'option -K: not a number: nothing'],
  [['--idle-timeout=', 'prog'], 'option --idle-timeout: not a number: nothing'],
  [['-K', '-S', 'prog'], 'option -K: not a number: -S'],
  [['-K', '--', 'prog'], 'option -K: not a number: --'],
  [['-K', '-1', 'prog'], 'option -K: not a number: -1'],
  [['-K+1', 'prog'], 'option -K: not a number: +1'],
  [['-K=5', 'prog'], 'option -K: not a number: =5'],
  [['-K', '1.5', 'prog'], 'option -K: not a number: 1.5'],
  [['-K', '0x10', 'prog'], 'option -K: not a number: 0x10'],
  [['-K', '1e3', 'prog'], 'option -K: not a number: 1e3'],
  [['-K', ' 5', 'prog'], 'option -K: not a number:  5'],
  [['-K', '5\n', 'prog'], 'option -K: not a number: 5\\x0a'],
  [['-K', '٣', 'prog'], 'option -K: not a number: ٣'],
  [['-K500S', 'prog'], 'option -K: not a number: 500S'],
  [['-K', 'abc', '-K', '5', 'prog'], 'option -K: not a number: abc'],
  [['-K', '2147483648', 'prog'], 'option -K: 2147483648 is more than 2147483647'],
  [
    ['--idle-timeout=99999999999999999999', 'prog'],
    'option --idle-timeout: 99999999999999999999 is more than 2147483647',
  ],
  [['-k', '3', 'prog'], 'option -k: 3 is more than 2'],
  [['-v', '-1', 'prog'], 'option -v: not a number: -1'],
  [['--trace'], 'option --trace needs a file name'],
  [['--trace=', 'prog'], 'option --trace: the file name is empty'],
  [['--trace', '', 'prog'], 'option --trace: the file name is empty'],
  [['--keylog=', '--keylog=x', 'prog'], 'option --keylog: the file name is empty'],
  [['--trace-content=yes', 'prog'], 'option --trace-content takes no value'],
  [['--Trace=x', 'prog'], 'unknown option --Trace'],
];

for (const [argv, reason] of REFUSED) {
  test(`${JSON.stringify(argv)} is refused with 100, the reason and the usage on one line`, () => {
    assertDies(() => parseOptions(argv), 100, `unable to parse options: ${reason}; usage: ${S6_TLSD.usage}`);
  });
}

test('the usage line is that of the manual', () => {
  assert.is(
    S6_TLSD.usage,
    's6-tlsd [ -S | -s | -N ] [ -J | -j ] [ -Y | -y ] [ -Z | -z ] [ -v verbosity ] [ -K kimeout ] [ -k snilevel ] [ --trace FILE ] [ --trace-content ] [ --keylog FILE ] [ -- ] prog...',
  );
});

test('--help needs no prog, and nothing after it is looked at', () => {
  assert.is(parseOptions(['-S', '--help', '-x']).kind, 'help');
});

test('an error before --help is an error', () => {
  assertDies(
    () => parseOptions(['-x', '--help']),
    100,
    `unable to parse options: unknown option -x; usage: ${S6_TLSD.usage}`,
  );
});

const run = (...argv: readonly string[]) => {
  const command = parseOptions(argv);
  if (command.kind !== 'run') throw new Error(`not to be run: ${command.kind}`);
  return command;
};

test.run();
