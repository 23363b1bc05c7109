import { closeSync, fstatSync, readdirSync, readFileSync, readSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadKoffi } from '../../../src/native/koffi.ts';
import { loadPipe2, widenPipe } from '../../../src/prog/pipe2.ts';

const O_CLOEXEC = 0o2000000;
const O_NONBLOCK = 0o4000;
const F_GETPIPE_SZ = 1032;

test('a pipe has a reading and a writing end, both blocking and close-on-exec', () => {
  const pipe2 = loadPipe2();
  assert.ok('makePipe' in pipe2, 'koffi is installed here');
  const [readingEnd, writingEnd] = pipe2.makePipe();
  try {
    for (const fd of [readingEnd, writingEnd]) {
      assert.ok(fstatSync(fd).isFIFO());
      const flags = Number.parseInt(
        /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${String(fd)}`, 'utf8'))?.[1] ?? '',
        8,
      );
      assert.is(flags & O_CLOEXEC, O_CLOEXEC);
      assert.is(flags & O_NONBLOCK, 0);
    }
    const buffer = Buffer.alloc(5);
    writeSync(writingEnd, 'hello');
    readSync(readingEnd, buffer);
    assert.is(buffer.toString(), 'hello');
  } finally {
    closeSync(readingEnd);
    closeSync(writingEnd);
  }
});

test('a pipe holds a mebibyte once it was widened', () => {
  const pipe2 = loadPipe2();
  assert.ok('makePipe' in pipe2, 'koffi is installed here');
  const fcntl = loadKoffi().load(null).func('int fcntl(int, int, ...)');
  const ends = pipe2.makePipe();
  try {
    assert.ok(Number(fcntl(ends[1], F_GETPIPE_SZ)) <= 65_536);
    widenPipe(ends[0]);
    assert.is(fcntl(ends[1], F_GETPIPE_SZ), 1_048_576);
  } finally {
    ends.forEach((end) => closeSync(end));
  }
});

test('koffi’s binary is loaded without the 10 ms of koffi itself', () => {
  const require = createRequire(import.meta.url);
  loadPipe2();
  const loaded = Object.keys(require.cache);
  assert.ok(
    loaded.some((file) => /koffi[^/]*\/(linux|musl)_[^/]+\/koffi\.node$/.test(file)),
    loaded.join('\n'),
  );
  assert.not.ok(loaded.some((file) => /\/koffi\/index\.cjs$/.test(file)));
});

test('finding pipe2(2) leaves no descriptor open', () => {
  loadPipe2();
  const loads = 100;
  const before = new Set(readdirSync('/proc/self/fd'));
  for (let i = 0; i < loads; i += 1) loadPipe2();
  const opened = readdirSync('/proc/self/fd').filter((fd) => !before.has(fd));
  // Node's own threads open and close files meanwhile, a few at most; a leak would be one a load.
  assert.ok(opened.length < loads / 2, `${String(opened.length)} new descriptors`);
});

test.run();
