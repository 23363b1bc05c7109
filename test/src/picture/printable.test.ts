import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { describeRows } from '../../../src/picture/describe.ts';
import { digits, tellTime, tidy, wrapped } from '../../../src/picture/printable.ts';
import { pictureOf } from './support/pictures.ts';

test('lines are broken between words, longer words inside, and nothing is lost', () => {
  assert.equal(wrapped('one two three', 7), ['one two', 'three']);
  assert.equal(wrapped('abcdefgh ij', 3), ['abc', 'def', 'gh', 'ij']);
  assert.equal(wrapped('abc', 0.5), ['a', 'b', 'c']);
  assert.equal(wrapped('', 10), []);
});

test('times have as many digits as are worth reading', () => {
  assert.equal([0, 0.0004, 0.412, 41, 99.9999, 1234.56].map(tellTime), [
    '0 ms',
    '0 ms',
    '0.412 ms',
    '41 ms',
    '100 ms',
    '1234.6 ms',
  ]);
  assert.is(digits(0.1 + 0.2), '0.3');
});

test('a label has single spaces', () => {
  assert.is(tidy(' under -S  to peer '), 'under -S to peer');
});

test('a description tells every row, and of a long one the beginning and how much more there is', () => {
  const { rows } = pictureOf({ empty: [], short: [[1, 0, 'x'], [2, 1, '|']] }); // prettier-ignore
  assert.is(describeRows(rows), 'empty: nothing. short: meaning of x at 1 ms, meaning of | at 2 ms.');
  const long = pictureOf({ long: Array.from({ length: 25 }, (_, i) => [i, i, 'x'] as const) });
  assert.match(describeRows(long.rows), /meaning of x at 19 ms, and 5 more\.$/);
});

test.run();
