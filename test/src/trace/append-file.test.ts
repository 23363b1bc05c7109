import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openAppendFile, type AppendFile } from '../../../src/trace/append-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'marble-tls-append-'));
test.after(() => rmSync(directory, { recursive: true }));
const path = (name: string): string => join(directory, name);

/** What was warned of meanwhile, and the file. */
const open = (name: string): { warnings: string[]; file: AppendFile | undefined } => {
  const warnings: string[] = [];
  return { warnings, file: openAppendFile(name, 'trace to', (message) => warnings.push(message)) };
};

test('lines are appended to what is there; a new file is for its owner alone', () => {
  const before = process.umask(0);
  const { file, warnings } = open(path('new'));
  process.umask(before);
  file?.append('one\n');
  file?.append(Buffer.from('two\n'));
  assert.is(statSync(path('new')).mode & 0o777, 0o600);
  open(path('new')).file?.append('thrée\n');
  assert.is(readFileSync(path('new'), 'utf8'), 'one\ntwo\nthrée\n');
  assert.equal(warnings, []);
  assert.ok(file?.takesMore);
});

test('the mode of a file that is there is left alone', () => {
  writeFileSync(path('there'), 'x', { mode: 0o640 });
  open(path('there')).file?.append('y');
  assert.is(statSync(path('there')).mode & 0o777, 0o640);
});

for (const [pattern, name] of [
  ['%p.trace', `${String(process.pid)}.trace`],
  ['a%%p', 'a%p'],
  ['%%%p%%', `%${String(process.pid)}%`],
  ['100%', '100%'],
  ['%d%q', '%d%q'],
] as const) {
  test(`in a name ${pattern} is ${name.replace(String(process.pid), 'PID')}`, () => {
    assert.is(open(path(pattern)).file?.path, path(name));
    assert.ok(statSync(path(name)).isFile());
  });
}

test('what cannot be opened is told in one line, and there is no file', () => {
  execFileSync('mkfifo', [path('unread')]);
  for (const [name, reason] of [
    [directory, 'illegal operation on a directory'],
    [path('missing/trace'), 'no such file or directory'],
    [path('unread'), 'no such device or address'],
    [path('x'.repeat(300)), 'name too long'],
  ] as const) {
    const { file, warnings } = open(name);
    assert.is(file, undefined);
    assert.equal(warnings, [`unable to trace to ${name}: ${reason}`]);
  }
});

test('a full disk is told once, and nothing more is taken', () => {
  const { file, warnings } = open('/dev/full');
  assert.is(file?.takesMore, true);
  for (let line = 0; line < 3; line += 1) file?.append('line\n');
  assert.is(file?.takesMore, false);
  assert.equal(warnings, ['unable to trace to /dev/full: no space left on device']);
});

test('a FIFO whose reader does not read is told once when it is full, and never waited for', () => {
  execFileSync('mkfifo', [path('slow')]);
  const reader = openSync(path('slow'), constants.O_RDONLY | constants.O_NONBLOCK);
  const { file, warnings } = open(path('slow'));
  const line = `${'x'.repeat(9_999)}\n`;
  for (let count = 0; count < 10; count += 1) file?.append(line);
  assert.equal(warnings, [`unable to trace to ${path('slow')}: resource temporarily unavailable`]);
  assert.ok(readSync(reader, Buffer.alloc(1 << 20)) > 50_000);
  // The descriptor was let go of: the reader sees EOF.
  assert.is(readSync(reader, Buffer.alloc(1)), 0);
  closeSync(reader);
});

test('a FIFO whose reader has gone is told once', () => {
  execFileSync('mkfifo', [path('gone')]);
  const reader = openSync(path('gone'), constants.O_RDONLY | constants.O_NONBLOCK);
  const { file, warnings } = open(path('gone'));
  file?.append('one\n');
  closeSync(reader);
  file?.append('two\n');
  assert.equal(warnings, [`unable to trace to ${path('gone')}: broken pipe`]);
});

test.run();
