import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { GIVEN } from '../../../src/diagram/alphabet.ts';
import { checkMarks, type Mark } from '../../../src/diagram/rows.ts';
import type { Given, Scenario } from '../../../src/diagram/scenario.ts';
import {
  addMark,
  addRow,
  boundsFor,
  changeKind,
  LAST_FRAME,
  MOST_MARKS,
  moveMark,
  removeMark,
  removeRow,
  type Place,
} from '../../../src/explorer/model/edit.ts';
import { KINDS, type Kind } from '../../../src/explorer/model/kinds.ts';
import { diagram } from './support/diagrams.ts';
import { edited, editings, markAt } from './support/edits.ts';
import { seed } from './support/seed.ts';

const begun = diagram('prog-eof-becomes-close-notify');
const marksOf = ({ given }: Scenario, label: Given): readonly Mark[] =>
  given.find((row) => row.label === label)?.marks ?? [];
const drawn = (scenario: Scenario, label: Given): string =>
  marksOf(scenario, label)
    .map(({ frame, symbol }) => `${frame}${symbol}`)
    .join(' ');
const kind = (label: Given, name: string): Kind => {
  const found = KINDS[label].find((each) => each.name === name);
  if (found === undefined) throw new Error(`${label} has no kind ${name}`);
  return found;
};
/** The scenario of one row. */
const row = (label: Given, marks: string): Scenario => ({
  ...begun,
  given: [
    {
      label,
      marks: marks.split(' ').map((mark) => ({ frame: Number(mark.slice(0, -1)), symbol: mark.slice(-1) })),
    },
  ],
});

test('whatever is done, every row stays a row that a diagram can have', () => {
  fc.assert(
    fc.property(editings, ({ name, done }) => {
      const scenario = edited(diagram(name), done);
      for (const { label, marks } of scenario.given) {
        checkMarks(marks, GIVEN[label], label);
        for (const { frame } of marks)
          assert.ok(Number.isInteger(frame) && frame >= 0 && frame <= LAST_FRAME, String(frame));
      }
      assert.is(new Set(scenario.given.map(({ label }) => label)).size, scenario.given.length);
    }),
    { seed, numRuns: 500 },
  );
});

/** Checks what one move does, in many scenarios; `undefined` when there is nothing to move. */
function moves(check: (scenario: Scenario, place: Place, frame: number) => void): void {
  let moved = 0;
  const frames = fc.integer({ min: -5, max: 60 });
  fc.assert(
    fc.property(editings, fc.nat(100), frames, ({ name, done }, which, frame) => {
      const scenario = edited(diagram(name), done);
      const place = markAt(scenario, which);
      if (place === undefined) return;
      moved += 1;
      check(scenario, place, frame);
    }),
    { seed, numRuns: 500 },
  );
  assert.ok(moved > 100, `only ${moved} moves`);
}

test('a mark that is moved goes where it was asked to, or as near as it can', () => {
  moves((scenario, place, frame) => {
    const mark = marksOf(scenario, place.label)[place.index];
    const [least, most] = boundsFor(scenario, place);
    const { scenario: after, place: now } = moveMark(scenario, place, frame);
    const there = marksOf(after, place.label)[now?.index ?? -1];
    assert.equal(there, { ...mark, frame: Math.min(Math.max(frame, least), most) });
  });
});

test('a mark that is moved leaves all other marks where they are, and in their order', () => {
  moves((scenario, place, frame) => {
    const { scenario: after, place: now } = moveMark(scenario, place, frame);
    for (const { label, marks } of scenario.given) {
      const others = label === place.label ? marks.toSpliced(place.index, 1) : marks;
      const left = marksOf(after, label);
      assert.equal(label === place.label ? left.toSpliced(now?.index ?? -1, 1) : left, others);
    }
  });
});

test('a mark that was alone in its frame comes back when it is moved back', () => {
  let alone = 0;
  moves((scenario, place, frame) => {
    const marks = marksOf(scenario, place.label);
    const mark = marks[place.index];
    if (mark === undefined || marks.filter((other) => other.frame === mark.frame).length > 1) return;
    alone += 1;
    const away = moveMark(scenario, place, frame);
    assert.equal(moveMark(away.scenario, away.place ?? place, mark.frame), { scenario, place });
  });
  assert.ok(alone > 50, `only ${alone}`);
});

test('a mark stays on the side from which it came upon another', () => {
  const two = row('from peer', '1x 5y');
  const right = moveMark(two, { label: 'from peer', index: 0 }, 5);
  assert.is(drawn(right.scenario, 'from peer'), '5x 5y');
  assert.is(drawn(moveMark(right.scenario, { label: 'from peer', index: 0 }, 6).scenario, 'from peer'), '5y 6x');
  const left = moveMark(two, { label: 'from peer', index: 1 }, 1);
  assert.is(drawn(left.scenario, 'from peer'), '1x 1y');
});

test('nothing is moved past an end, and no end past anything', () => {
  const ended = row('from peer', '1x 5y 9|');
  assert.equal(boundsFor(ended, { label: 'from peer', index: 0 }), [0, 9]);
  assert.equal(boundsFor(ended, { label: 'from peer', index: 2 }), [5, LAST_FRAME]);
  assert.is(drawn(moveMark(ended, { label: 'from peer', index: 0 }, 20).scenario, 'from peer'), '5y 9x 9|');
  assert.is(drawn(moveMark(ended, { label: 'from peer', index: 2 }, 0).scenario, 'from peer'), '1x 5y 5|');
});

test('a mark that is not there is not moved, and nothing becomes of it', () => {
  assert.equal(moveMark(begun, { label: 'from peer', index: 99 }, 3), { scenario: begun, place: undefined });
  assert.equal(changeKind(begun, { label: 'signal', index: 0 }, kind('signal', 'SIGINT')), {
    scenario: begun,
    place: undefined,
  });
});

test('after a mark is removed its neighbour is at hand', () => {
  const marks = row('from peer', '1x 5y 9|');
  const last = removeMark(marks, { label: 'from peer', index: 2 });
  assert.is(drawn(last.scenario, 'from peer'), '1x 5y');
  assert.equal(last.place, { label: 'from peer', index: 1 });
  const first = removeMark(marks, { label: 'from peer', index: 0 });
  assert.equal(first.place, { label: 'from peer', index: 0 });
  assert.is(removeMark(row('from peer', '1x'), { label: 'from peer', index: 0 }).place, undefined);
});

test('a mark is added behind the others, but before an end', () => {
  const data = kind('from peer', 'data');
  assert.is(drawn(addMark(row('from peer', '1x'), 'from peer', data).scenario, 'from peer'), '1x 3y');
  assert.is(drawn(addMark(row('from peer', '1x 2|'), 'from peer', data).scenario, 'from peer'), '1x 2y 2|');
  assert.is(drawn(addMark(addRow(begun, 'signal'), 'signal', kind('signal', 'SIGHUP')).scenario, 'signal'), '1h');
});

test('an end that is added replaces the one that is there', () => {
  const reset = addMark(row('from peer', '1x 9|'), 'from peer', kind('from peer', 'reset (RST)'));
  assert.is(drawn(reset.scenario, 'from peer'), '1x 3#');
  assert.is(reset.scenario.fault, 'reset');
});

test('a row that is full takes no more', () => {
  const full = row('from peer', Array.from({ length: MOST_MARKS }, (_, i) => `${i}x`).join(' '));
  assert.is(addMark(full, 'from peer', kind('from peer', 'data')).scenario, full);
});

test('what becomes an end goes behind all others, and says what it stands for', () => {
  const before = row('from peer', '1x 5y 9|');
  const { scenario, place } = changeKind(before, { label: 'from peer', index: 0 }, kind('from peer', 'fatal alert'));
  assert.is(drawn(scenario, 'from peer'), '5y 5#');
  assert.equal(place, { label: 'from peer', index: 1 });
  assert.is(scenario.fault, 'alert decode_error');
  const own = changeKind(row('from peer', '1x 5y'), { label: 'from peer', index: 1 }, kind('from peer', 'FIN'));
  assert.is(drawn(own.scenario, 'from peer'), '1x 5|');
  const data = changeKind(before, { label: 'from peer', index: 2 }, kind('from peer', 'data'));
  assert.is(drawn(data.scenario, 'from peer'), '1x 5y 9z');
});

test('a row comes empty, and goes', () => {
  const added = addRow(begun, 'taken by peer');
  assert.equal(added.given.at(-1), { label: 'taken by peer', marks: [] });
  assert.equal(removeRow(added, 'taken by peer'), begun);
});

const withBoth: Scenario = {
  ...diagram('reset-during-the-answer'),
  given: [...diagram('reset-during-the-answer').given, { label: 'handshake', marks: [] }],
};

test('what happens only once takes the place of what was there', () => {
  const [, , , killed] = KINDS['prog exit'];
  if (killed === undefined) throw new Error('no such kind');
  const { scenario } = addMark(withBoth, 'prog exit', killed);
  assert.equal(
    scenario.given.find(({ label }) => label === 'prog exit')?.marks.map(({ symbol }) => symbol),
    ['x'],
  );
  assert.is(scenario.progStatus, 'signal 9');
});

test('a scenario has one fault for the handshake and for the peer: the other row then has none', () => {
  const failed = KINDS.handshake.find(({ symbol }) => symbol === '#');
  if (failed === undefined) throw new Error('no such kind');
  const { scenario } = addMark(withBoth, 'handshake', failed);
  assert.equal(
    scenario.given.find(({ label }) => label === 'from peer')?.marks.map(({ symbol }) => symbol),
    ['x'],
  );
  const reset = KINDS['from peer'].find(({ fault }) => fault === 'reset');
  if (reset === undefined) throw new Error('no such kind');
  const back = addMark(scenario, 'from peer', reset).scenario;
  assert.equal(back.given.find(({ label }) => label === 'handshake')?.marks, []);
  assert.is(back.fault, 'reset');
});

test.run();
