import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { S6_TLSSERVER } from '../../../src/options/s6-tlsserver.ts';
import { parseWords, type Where } from '../../../src/resident/words.ts';
import { assertDies } from '../../fixtures/death.ts';

const LONGEST = `/${'x'.repeat(106)}`;

const PLACES: readonly (readonly [string, readonly string[], Where])[] = [
  ['a name', ['www.example.org', '443'], { kind: 'tcp', host: 'www.example.org', port: 443 }],
  ['an IPv4 address', ['127.0.0.1', '65535'], { kind: 'tcp', host: '127.0.0.1', port: 65535 }],
  ['an IPv6 address', ['::1', '1'], { kind: 'tcp', host: '::1', port: 1 }],
  ['every IPv4 address', ['0', '443'], { kind: 'tcp', host: '0.0.0.0', port: 443 }],
  ['every address', ['::', '443'], { kind: 'tcp', host: '::', port: 443 }],
  ['any free port', ['0', '0'], { kind: 'tcp', host: '0.0.0.0', port: 0 }],
  ['an absolute path', ['/run/x.sock'], { kind: 'unix', path: '/run/x.sock' }],
  ['a relative path', ['./x.sock'], { kind: 'unix', path: './x.sock' }],
  ['the longest path', [LONGEST], { kind: 'unix', path: LONGEST }],
  ['the sockets of systemd', ['-'], { kind: 'inherited' }],
];

for (const [what, words, where] of PLACES) {
  test(`${what} is understood, and what follows is prog's`, () => {
    assert.equal(parseWords([...words, 'prog', '-x', '443']), { where, prog: ['prog', '-x', '443'] });
  });
}

const REFUSED: readonly (readonly [readonly string[], string])[] = [
  [[], 'no host'],
  [['', '443', 'prog'], 'the host is empty'],
  [['localhost'], 'no port'],
  [['localhost', '', 'prog'], 'the port is not a number: nothing'],
  [['localhost', 'https', 'prog'], 'the port is not a number: https'],
  [['443', 'prog'], 'the port is not a number: prog'],
  [['localhost', '-1', 'prog'], 'the port is not a number: -1'],
  [['localhost', '0x50', 'prog'], 'the port is not a number: 0x50'],
  [['localhost', '70000', 'prog'], 'port 70000 is more than 65535'],
  [['localhost', '65536', 'prog'], 'port 65536 is more than 65535'],
  [['localhost', '443'], 'no program to run'],
  [['/run/x.sock'], 'no program to run'],
  [['-'], 'no program to run'],
  [[`${LONGEST}x`, 'prog'], `the path of the socket has 108 bytes, more than 107: ${LONGEST}x`],
];

for (const [words, reason] of REFUSED) {
  test(`${JSON.stringify(words).slice(0, 60)} is refused: ${reason.slice(0, 60)}`, () => {
    assertDies(() => parseWords(words), 100, `unable to parse options: ${reason}; usage: ${S6_TLSSERVER.usage}`);
  });
}

test('the length of a path is counted in bytes', () => {
  const path = `/${'ü'.repeat(53)}`;
  assert.equal(parseWords([path, 'prog']).where, { kind: 'unix', path });
  assertDies(
    () => parseWords([`${path}x`, 'prog']),
    100,
    `unable to parse options: the path of the socket has 108 bytes, more than 107: ${path}x; usage: ${S6_TLSSERVER.usage}`,
  );
});

test.run();
