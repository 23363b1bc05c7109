import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { borrow, giveBack, PIECE } from '../../src/memory.ts';

test('a piece that was given back is lent again, and to one only', () => {
  const piece = borrow();
  assert.is(piece.length, PIECE);
  giveBack(piece.subarray(5, 10));
  const again = borrow();
  assert.is(again.buffer, piece.buffer);
  assert.is(again.length, PIECE);
  assert.is.not(borrow().buffer, piece.buffer);
});

test('what was never lent, or was given back before, is left alone', () => {
  const piece = borrow();
  giveBack(Buffer.alloc(PIECE));
  giveBack(new Uint8Array(0));
  giveBack(piece);
  giveBack(piece);
  const [first, second] = [borrow(), borrow()];
  assert.is(first.buffer, piece.buffer);
  assert.is.not(second.buffer, piece.buffer);
});

test('only so many pieces are kept', () => {
  const pieces = Array.from({ length: 20 }, () => borrow());
  pieces.forEach(giveBack);
  const known = new Set(pieces.map(({ buffer }) => buffer));
  const lentAgain = Array.from({ length: 20 }, () => borrow()).filter(({ buffer }) => known.has(buffer));
  assert.is(lentAgain.length, 4);
});

test.run();
