import { NEVER } from 'rxjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { marbles } from '../support/marbles.ts';
import { drawRows, readMarks, readRowTexts } from '../../src/diagram/rows.ts';

test('an expectation that never got its toBe fails', () => {
  const forgetful = marbles((m) => void m.expect(NEVER));
  assert.throws(forgetful, /never got its toBe/);
});

test('a diagram that expects nothing fails', () => {
  assert.throws(
    marbles((m) => void m.hot('-a-')),
    /nothing was expected/,
  );
});

test('a difference is shown as aligned rows', () => {
  const wrong = marbles((m) => {
    m.expect(m.hot('-a-b 5s N|')).toBe('-a-c 5s -N|');
  });
  assert.throws(wrong, (error: Error) => {
    assert.equal(error.message.split('\n').slice(1), [
      'given     -a-b 5000ms N|',
      'expected  -a-c 5000ms -N|',
      'actual    -a-b 5000ms N|',
    ]);
    return true;
  });
});

test('a wrong subscription fails', () => {
  const wrong = marbles((m) => {
    const source$ = m.hot('-a-|');
    m.expect(source$).toBe('-a-|');
    m.expectReading(source$).toBe('^----!');
  });
  assert.throws(wrong, /expected reading {2}\^----!\nactual reading {4}\^--!/);
});

test('letters are chunks of one byte, N is close_notify, # is a fault', () => {
  marbles((m) => {
    m.expect(m.hot('-(aN)#')).toBe('-(aN)#');
  })();
});

test('what is drawn can be read again, silences and groups included', () => {
  const rows = ['-a 4990ms -(N|)', '-------b 4990ms #', '-', '- 4990ms |'].map((row, i) => ({
    label: `row ${String(i)}`,
    marks: readMarks(row, /[abN|#]/),
  }));
  const again = readRowTexts(drawRows(rows)).map(({ label, marbles: row }) => ({
    label,
    marks: readMarks(row, /[abN|#]/),
  }));
  assert.equal(again, rows);
  assert.equal(rows[0]?.marks, [
    { frame: 1, symbol: 'a' },
    { frame: 4993, symbol: 'N' },
    { frame: 4993, symbol: '|' },
  ]);
});

test('a group too long for its frame of its row stretches it for all rows', () => {
  const rows = [
    { label: 'one', marks: [...readMarks('-(abc)', /[abc]/), { frame: 3, symbol: 'd' }] },
    { label: 'two', marks: readMarks('-x-y', /[xy]/) },
  ];
  assert.equal(drawRows(rows), 'one  -(abc)d\ntwo  -x----y');
});

for (const [what, row] of [
  ['a symbol that does not belong', '-a-Z'],
  ['an open group', '-(ab'],
  ['a time without unit', '-a 50 b'],
  ['a value after the end', '-|a'],
] as const) {
  test(`${what} is not read`, () => {
    assert.throws(() => readMarks(row, /[ab|]/));
  });
}

test('rows that do not start on one column are not read', () => {
  assert.throws(() => readRowTexts('one  -a\nanother  -b'), /not aligned/);
});

test.run();
