import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { endsRow, layOut, type Room } from '../../../src/picture/layout.ts';
import { ticks } from '../../../src/picture/ticks.ts';
import { countMarks, diagrams, pictureOf } from './support/pictures.ts';

const room: Room = { columns: 300, step: 26, marks: (count) => count * 26, silence: () => 72, alone: true };

test('no two marks of a row overlap, in no diagram, and all of them have room', () => {
  for (const time of ['event', 'scale'] as const) {
    for (const picture of diagrams()) {
      let placed = 0;
      for (const band of layOut(picture.rows, time, room)) {
        const free = new Map<unknown, number>();
        for (const { at, marks } of band.moments) {
          for (const [row, own] of marks) {
            assert.ok(at >= (free.get(row) ?? 0), `${picture.title}: ${row.label}`);
            assert.ok(at + room.marks(own.length) <= room.columns, picture.title);
            free.set(row, at + room.marks(own.length));
            placed += own.length;
          }
        }
      }
      assert.is(placed, countMarks(picture), picture.title);
    }
  }
});

test('what comes later never stands further left within a band', () => {
  for (const picture of diagrams()) {
    for (const band of layOut(picture.rows, 'scale', room)) {
      const columns = band.moments.map(({ at }) => at);
      assert.equal(
        columns,
        [...columns].sort((a, b) => a - b),
        picture.title,
      );
    }
  }
});

test('by event nothing stands beside a group in another row, where that is asked for', () => {
  const { rows } = pictureOf({
    first: [
      [0, 0, 'x'],
      [0, 0, 'y'],
      [0, 0, 'z'],
    ],
    second: [[1, 1, 'a']],
  });
  const columnsIn = (alone: boolean) =>
    layOut(rows, 'event', { ...room, alone }).flatMap(({ moments }) => moments.map(({ at }) => at));
  assert.equal(columnsIn(true), [0, 78]);
  assert.equal(columnsIn(false), [0, 26]);
});

test('a silence at which a band breaks is told at the beginning of the next, and time goes on where it ended', () => {
  const { rows } = pictureOf({ row: [[0, 0, 'x'], [1, 1, 'y'], [9000, 2, 'z']] }); // prettier-ignore
  const bands = layOut(rows, 'event', { ...room, columns: 120 });
  assert.equal(
    bands.map(({ from, until, silences, moments }) => ({ from, until, silences, at: moments.map(({ at }) => at) })),
    [
      { from: 0, until: 1, silences: [], at: [0, 26] },
      { from: 1, until: 9000, silences: [{ at: 0, columns: 72, milliseconds: 8999 }], at: [72] },
    ],
  );
});

test('a line ends at the last mark of its row, if that is an end, and at no other', () => {
  const { rows } = pictureOf({ row: [[0, 0, 'x'], [1, 1, '|'], [2, 2, '|']] }); // prettier-ignore
  assert.equal(
    rows.map((row) => row.marks.map((mark) => endsRow(row, mark))),
    [[false, false, true]],
  );
});

test('ten thousand marks are laid out in one go', () => {
  const marks = Array.from({ length: 10_000 }, (_, i) => [i / 10, i, 'x'] as const);
  for (const time of ['event', 'scale'] as const) {
    const bands = layOut(pictureOf({ row: marks, other: marks }).rows, time, room);
    assert.is(
      bands.reduce((sum, { moments }) => sum + moments.length, 0),
      10_000,
    );
  }
});

test('ticks are round, not closer than asked for, and within the time', () => {
  assert.equal(ticks(0, 11, 6), [0, 2, 4, 6, 8, 10]);
  assert.equal(ticks(0, 8006, 4), [0, 5000]);
  assert.equal(ticks(3, 3, 5), [3]);
  for (const until of [0.004, 0.7, 3, 99, 12_345]) {
    const times = ticks(0, until, 7);
    assert.ok(times.length > 1 && times.length <= 8, String(until));
    assert.ok(times.every((time) => time <= until));
  }
});

test.run();
