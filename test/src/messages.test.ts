import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Death, FAILURES, messageLine, systemReason } from '../../src/messages.ts';
import { oneLine } from '../../src/one-line.ts';
import { readFileSync } from 'node:fs';

test('a failure has the exit status of the reference, or of the shell for prog', () => {
  const statuses = Object.fromEntries(Object.entries(FAILURES).map(([failure, { exitCode }]) => [failure, exitCode]));
  assert.equal(statuses, {
    options: 100,
    environment: 100,
    unreadable: 111,
    unusable: 96,
    tlsSetup: 97,
    handshake: 98,
    tlsRun: 98,
    system: 111,
    progNotRunnable: 126,
    progNotFound: 127,
  });
});

test('a death says what was attempted and why it failed', () => {
  const death = new Death('unreadable', { what: 'KEYFILE /k', reason: 'no such file or directory' });
  assert.is(death.message, 'unable to read KEYFILE /k: no such file or directory');
  assert.is(death.exitCode, 111);
  assert.instance(death, Error);
  assert.is(new Death('tlsSetup', { reason: 'broken' }).message, 'unable to set up TLS: broken');
  assert.is(new Death('system', { what: 'fork', reason: 'no memory' }).message, 'unable to fork: no memory');
});

test('a death is one line whatever a file is called', () => {
  const death = new Death('unreadable', { what: 'KEYFILE a\nb', reason: 'c\rd' });
  assert.is(death.message, 'unable to read KEYFILE a\\x0ab: c\\x0dd');
});

test('a line for fd 2 carries the name of the program and its own end', () => {
  assert.is(messageLine('s6-tlsd', 'fatal', 'unable to x: y'), 's6-tlsd: fatal: unable to x: y\n');
});

test('what a terminal would obey becomes \\xHH, and readable text of any script stays', () => {
  assert.is(oneLine('a\u001b[2Jb\u0000\u007f'), 'a\\x1b[2Jb\\x00\\x7f');
  assert.is(oneLine('\u0085\u2028\u202e'), '\\xc2\\x85\\xe2\\x80\\xa8\\xe2\\x80\\xae');
  assert.is(oneLine('ключ.pem 🔑'), 'ключ.pem 🔑');
});

test('no text makes a second line or a control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.not.match(messageLine('s6-tlsd', 'info', text).slice(0, -1), /[\p{Cc}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test('a failed system call is told in the words of the system', () => {
  assert.is(systemReason(failureOf(() => readFileSync('/nonexistent'))), 'no such file or directory');
  assert.is(systemReason(new Error('other')), 'other');
});

const failureOf = (action: () => unknown): unknown => {
  try {
    return action();
  } catch (error) {
    return error;
  }
};

test.run();
