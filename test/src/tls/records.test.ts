import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { trackRecords } from '../../../src/tls/records.ts';

const HEADER = 5;

/** A record by its length alone; its body is all 0xFF, which would make an enormous length of a header read in the wrong place. */
const record = (length: number): Buffer =>
  Buffer.concat([Buffer.of(23, 3, 3, length >> 8, length & 255), Buffer.alloc(length, 255)]);

/** What is missing after the first `at` bytes: of the record that has begun, or of its header while that is not whole. */
const missingAfter = (lengths: readonly number[], at: number): number => {
  let rest = at;
  for (const length of lengths) {
    if (rest < HEADER + length) return rest === 0 ? 0 : rest < HEADER ? HEADER - rest : HEADER + length - rest;
    rest -= HEADER + length;
  }
  return 0;
};

test('whatever the records and wherever they are cut, the number of missing bytes is exact, and 0 only between records', () => {
  const lengths = fc.array(fc.oneof(fc.nat({ max: 40 }), fc.constantFrom(0, 255, 256, 257, 16_640, 65_535)), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(lengths, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (sizes, cuts) => {
      const bytes = Buffer.concat(sizes.map(record));
      const ends = [...cuts.map((cut) => Math.round(cut * bytes.length)), bytes.length].sort((a, b) => a - b);
      const tracker = trackRecords();
      let at = 0;
      for (const end of ends) {
        tracker.follow(bytes.subarray(at, end));
        at = end;
        assert.is(tracker.missing, missingAfter(sizes, at), `after ${at} bytes of records of ${sizes.join(', ')}`);
      }
      assert.is(tracker.missing, 0);
    }),
    { numRuns: 300 },
  );
});

test('byte by byte it counts down: the header, then the body', () => {
  const tracker = trackRecords();
  const missing = Array.from(record(3), (byte) => {
    tracker.follow(Buffer.of(byte));
    return tracker.missing;
  });
  assert.equal(missing, [4, 3, 2, 1, 3, 2, 1, 0]);
});

test('nothing is missing before anything has come, nor after an empty chunk', () => {
  const tracker = trackRecords();
  assert.is(tracker.missing, 0);
  tracker.follow(Buffer.alloc(0));
  assert.is(tracker.missing, 0);
});

test('a record without a body is whole with its header', () => {
  const tracker = trackRecords();
  tracker.follow(Buffer.concat([record(0), record(0)]));
  assert.is(tracker.missing, 0);
});

test.run();
