import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drawRows } from '../../../src/diagram/rows.ts';
import type { Picture } from '../../../src/picture/picture.ts';
import { renderText } from '../../../src/picture/text.ts';
import { countMarks, diagrams, HOSTILE, pictureOf } from './support/pictures.ts';

const drawn = (picture: Picture, width: number, time: 'event' | 'scale' = 'event'): string =>
  renderText([picture], { width, colour: false, time });

/** The rows alone, without title, caption and the lines between groups. */
const rowsOf = (text: string, { rows }: Picture): readonly string[] =>
  text.split('\n').filter((line) => rows.some(({ label }) => line === label || line.startsWith(`${label} `)));

test('by event, every diagram is drawn as it is written in the files of diagrams/', () => {
  for (const picture of diagrams()) {
    const rows = picture.rows.map(({ label, marks }) => ({
      label,
      marks: marks.map(({ step, symbol }) => ({ frame: step, symbol })),
    }));
    const lines = drawRows(rows).split('\n');
    assert.equal(
      rowsOf(drawn(picture, 500), picture).filter((line) => lines.includes(line)),
      lines,
      picture.title,
    );
  }
});

test('nothing is wider than the terminal, and nothing is left out for that', () => {
  for (const picture of diagrams()) {
    for (const time of ['event', 'scale'] as const) {
      for (const width of [34, 47, 80]) {
        const text = drawn(picture, width, time);
        for (const line of text.split('\n')) assert.ok(line.length <= width, line);
        // What is left of a row is its symbols.
        const labels = Math.max(...picture.rows.map(({ label }) => label.length));
        const symbols = rowsOf(text, picture).map((line) => line.slice(labels).replaceAll(/ \d+ms |[-() ]/g, ''));
        assert.is(symbols.join('').length, countMarks(picture), `${picture.title}\n${text}`);
      }
    }
  }
});

test('a picture that is too wide is broken into blocks that say from when to when, with all labels', () => {
  const picture = pictureOf({
    'from peer': [
      [0, 0, 'x'],
      [1.5, 1, 'y'],
      [70, 9, 'z'],
    ],
    'to prog': [
      [0.25, 0, 'x'],
      [1.5, 1, '|'],
    ],
  });
  assert.is(
    drawn(picture, 19),
    `a title

0 ms to 1.5 ms
from peer  xy
to prog    x|

70 ms to 70 ms
from peer  z
to prog

a caption
`,
  );
});

test('to scale, marks are as far apart as in time, on an axis of milliseconds; those too close stand side by side', () => {
  const picture = pictureOf({
    'from peer': [
      [0, 0, 'x'],
      [10, 2, 'y'],
      [20, 3, '|'],
    ],
    'to prog': [
      [0, 0, 'x'],
      [0.1, 1, 'y'],
    ],
  });
  assert.is(
    drawn(picture, 34, 'scale').split('\n').slice(2, 5).join('\n'),
    `from peer  x----------y----------|
to prog    xy---------------------
ms         +0         +10`,
  );
});

test('time 0 is the beginning, not the first mark', () => {
  const picture = pictureOf({ row: [[50, 1, 'x'], [100, 2, '|']] }); // prettier-ignore
  assert.ok(drawn(picture, 26, 'scale').includes('row  ----------x---------|\n'), drawn(picture, 26, 'scale'));
});

test('a long silence is told, and is not a column for each millisecond', () => {
  const picture = pictureOf({ row: [[0, 0, 'x'], [5000.4, 1, 'y']] }); // prettier-ignore
  assert.ok(drawn(picture, 80).includes('row  x 5000ms y\n'));
});

test('more marks in one moment than fit are broken, too', () => {
  const picture = pictureOf({ row: Array.from({ length: 20 }, () => [0, 0, 'x'] as const) });
  const text = drawn(picture, 15);
  for (const line of text.split('\n')) assert.ok(line.length <= 15, line);
  assert.is(text.match(/x/g)?.length, 20);
});

test('colour adds nothing and hides nothing', () => {
  for (const picture of diagrams()) {
    const coloured = renderText([picture], { width: 60, colour: true, time: 'event' });
    assert.ok(coloured.includes('\x1b['));

    assert.is(coloured.replaceAll(/\x1b\[[\d;]*m/g, ''), drawn(picture, 60));
  }
});

test('what stands in a title, a label, a symbol or a caption cannot command a terminal', () => {
  const hostile: Picture = {
    title: HOSTILE,
    description: HOSTILE,
    caption: [HOSTILE],
    rows: [
      { label: HOSTILE, group: 'given', marks: [{ time: 0, step: 0, symbol: '\x07', kind: 'data', meaning: HOSTILE }] },
    ],
  };
  for (const time of ['event', 'scale'] as const) {
    assert.not.match(drawn(hostile, 80, time).replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
  }
});

test('several pictures stand below each other, and one without rows says what it can', () => {
  const both = [pictureOf({}), pictureOf({ row: [[0, 0, 'x']] })];
  assert.is(
    renderText(both, { width: 80, colour: false, time: 'event' }),
    'a title\n\na caption\n\na title\n\nrow  x\n\na caption\n',
  );
  assert.is(drawn(pictureOf({}), 80, 'scale'), 'a title\n\na caption\n');
});

test.run();
