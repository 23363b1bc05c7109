import { once } from 'node:events';
import { closeSync, writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { borrow, giveBack, PIECE } from '../../src/memory.ts';
import { loadPipe2, widenPipe } from '../../src/prog/pipe2.ts';
import { readSocket } from '../../src/read-socket.ts';

/** A pipe, which holds a mebibyte, what has come out of it, and a way to wait for that. */
const open = (chunks: 'lent' | 'kept') => {
  const pipe2 = loadPipe2();
  assert.ok('makePipe' in pipe2, 'koffi is installed here');
  const [readingEnd, writingEnd] = pipe2.makePipe();
  widenPipe(readingEnd);
  const socket = readSocket({ fd: readingEnd, readable: true, writable: false }, chunks);
  const heard: Uint8Array[] = [];
  socket.on('data', (chunk: Uint8Array) => heard.push(chunk));
  socket.pause();
  const write = (bytes: number): void => {
    for (let left = bytes; left > 0; left -= writeSync(writingEnd, Buffer.alloc(left, 'x')));
  };
  return { socket, heard, write, end: () => closeSync(writingEnd) };
};

const turns = async (count = 20): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

const total = (chunks: readonly Uint8Array[]): number => chunks.reduce((sum, { length }) => sum + length, 0);

const closed = async (socket: Socket): Promise<void> => {
  socket.resume();
  await once(socket, 'end');
  socket.destroy();
};

for (const chunks of ['lent', 'kept'] as const) {
  test(`${chunks}: nothing is read before it is told to resume, nor while it is paused`, async () => {
    const { socket, heard, write, end } = open(chunks);
    write(5);
    await turns();
    assert.is(heard.length, 0);
    socket.once('data', () => socket.pause());
    socket.resume();
    await turns();
    assert.is(total(heard), 5);
    write(6);
    await turns();
    assert.is(total(heard), 5);
    end();
    await closed(socket);
    assert.is(total(heard), 11);
  });

  test(`${chunks}: a pause in the middle of much takes effect at once`, async () => {
    const { socket, heard, write, end } = open(chunks);
    write(1_000_000);
    socket.on('data', () => socket.pause());
    socket.resume();
    await turns();
    assert.is(heard.length, 1);
    socket.removeAllListeners('data').on('data', (chunk: Uint8Array) => heard.push(chunk));
    end();
    await closed(socket);
    assert.is(total(heard), 1_000_000);
  });
}

test('lent: all that is there comes in one chunk, always in the same memory', async () => {
  const { socket, heard, write, end } = open('lent');
  write(PIECE);
  socket.resume();
  await turns();
  write(3);
  end();
  await closed(socket);
  assert.equal(
    heard.map(({ length }) => length),
    [PIECE, 3],
  );
  assert.is(heard[0]?.buffer, heard[1]?.buffer);
});

test('kept: a chunk is nobody else’s until it is given back', async () => {
  const { socket, heard, write, end } = open('kept');
  socket.resume();
  for (const size of [16_384, PIECE, PIECE]) {
    write(size);
    await turns();
  }
  const lengths = heard.map(({ length }) => length);
  assert.equal(lengths, [16_384, PIECE, PIECE], 'as much as there is');
  assert.is(new Set(heard.map(({ buffer }) => buffer)).size, 3);
  const [, second] = heard;
  assert.ok(second);
  giveBack(second);
  const pieces = Array.from({ length: 10 }, () => borrow().buffer);
  assert.ok(pieces.includes(second.buffer));
  end();
  await closed(socket);
});

test('kept: small chunks hold no more memory than they need, after large ones too', async () => {
  const { socket, heard, write, end } = open('kept');
  socket.resume();
  for (const size of [5, 16_384, PIECE, 7, 8, PIECE / 2 - 1]) {
    write(size);
    await turns();
  }
  assert.is(total(heard), 5 + 16_384 + PIECE + 7 + 8 + PIECE / 2 - 1);
  for (const { length, buffer } of heard)
    assert.ok(buffer.byteLength <= 2 * length, `${length} in ${buffer.byteLength}`);
  end();
  await closed(socket);
});

test('the first chunk of a size is told of once, before it comes', async () => {
  const pipe2 = loadPipe2();
  assert.ok('makePipe' in pipe2, 'koffi is installed here');
  const [readingEnd, writingEnd] = pipe2.makePipe();
  const said: string[] = [];
  const call = (): void => void said.push('large');
  const socket = readSocket({ fd: readingEnd, readable: true, writable: false }, 'kept', { atLeast: 100, call });
  socket.on('data', (chunk: Uint8Array) => said.push(String(chunk.length)));
  socket.resume();
  for (const size of [99, 100, 5, 101]) {
    writeSync(writingEnd, Buffer.alloc(size, 'x'));
    await turns();
  }
  closeSync(writingEnd);
  await closed(socket);
  assert.equal(said, ['99', 'large', '100', '5', '101']);
});

test.run();
