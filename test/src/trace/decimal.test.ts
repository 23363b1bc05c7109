import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MOST_DIGITS, putDecimal } from '../../../src/trace/decimal.ts';

const put = (number: number, start: number): string => {
  const bytes = Buffer.alloc(start + MOST_DIGITS + 1, '.');
  const end = putDecimal(bytes, number, start);
  assert.is(
    bytes.toString('latin1'),
    `${'.'.repeat(start)}${bytes.toString('latin1', start, end)}`.padEnd(bytes.length, '.'),
  );
  return bytes.toString('latin1', start, end);
};

test('every exact whole number is written as String writes it, and nothing around it is touched', () => {
  const edges = [0, 9, Number.MAX_SAFE_INTEGER, ...Array.from({ length: 15 }, (_, power) => 10 ** (power + 1))];
  const numbers = fc.oneof(
    fc.maxSafeNat(),
    fc.nat(),
    fc.constantFrom(...edges, ...edges.slice(3).map((edge) => edge - 1)),
  );
  fc.assert(
    fc.property(numbers, fc.nat({ max: 5 }), (number, start) => assert.is(put(number, start), String(number))),
    { numRuns: 1000 },
  );
});

test.run();
