import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { median, most, quantile, slope } from '../../bench/statistics.ts';

test('a quantile lies between its neighbours, whatever their order', () => {
  assert.is(quantile([40, 10, 30, 20, 50], 0), 10);
  assert.is(quantile([40, 10, 30, 20, 50], 0.25), 20);
  assert.is(quantile([40, 10, 30, 20, 50], 0.3), 22);
  assert.is(quantile([40, 10, 30, 20, 50], 1), 50);
});

test('the median of an even count is between the two in the middle', () => {
  assert.is(median([1, 100, 3, 2]), 2.5);
  assert.is(median([9, 10, 11]), 10);
  assert.is(median([7]), 7);
});

test('there is no median of nothing, and nothing is the greatest', () => {
  assert.ok(Number.isNaN(median([])));
  assert.ok(Number.isNaN(most([])));
  assert.is(most([1, 3, 2]), 3);
});

test('a slope is what most points agree on, whatever one of them says', () => {
  const line = [0, 10, 20, 30, 40].map((x) => ({ x, y: 5 + 3 * x }));
  assert.is(slope(line), 3);
  assert.is(slope(line.map((point) => (point.x === 20 ? { x: 20, y: 5000 } : point))), 3);
  assert.ok(Number.isNaN(slope(line.slice(0, 1))));
});

test('the numbers are left as they are', () => {
  const numbers = [3, 1, 2];
  median(numbers);
  assert.equal(numbers, [3, 1, 2]);
});

test.run();
