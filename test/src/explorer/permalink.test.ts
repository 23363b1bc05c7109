import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { GIVEN } from '../../../src/diagram/alphabet.ts';
import { checkMarks } from '../../../src/diagram/rows.ts';
import { LAST_FRAME, MOST_MARKS } from '../../../src/explorer/model/edit.ts';
import { fragmentOf, stateFrom } from '../../../src/explorer/model/permalink.ts';
import { resultsOf } from '../../../src/explorer/model/result.ts';
import { stateOf, type State } from '../../../src/explorer/model/state.ts';
import { diagram, DIAGRAMS } from './support/diagrams.ts';
import { states } from './support/edits.ts';
import { seed } from './support/seed.ts';

const name = 'prog-eof-becomes-close-notify';
const begun = stateOf(diagram(name), name);
const fragment = (state: State): string => fragmentOf(state, DIAGRAMS);
const read = (text: string): State => stateFrom(text, DIAGRAMS);

/** What a state must still be. Of what is expected of a scenario of one's own a permalink holds the rows: what is in them happens. */
function kept(state: State): unknown {
  const given = state.scenario.given.map(({ label, marks }) => ({ label, marks }));
  const expected = state.scenario.expected.map(({ label }) => label);
  const own = state.diagram === undefined && { expected, verdict: '', exit: 0 };
  return { ...state, scenario: { ...state.scenario, given, ...own } };
}

test('a permalink holds the whole state', () => {
  fc.assert(
    fc.property(states, (state) => {
      const again = read(fragment(state));
      assert.equal(kept(again), kept(state));
      assert.is(fragment(again), fragment(state));
    }),
    { seed, numRuns: 1000 },
  );
});

test('what is played from a permalink is what was played before', () => {
  const told = (state: State): unknown => resultsOf(state).map(({ actual: { rows }, verdict }) => ({ rows, verdict }));
  fc.assert(
    fc.property(states, (state) => assert.equal(told(read(fragment(state))), told(state))),
    { seed, numRuns: 100 },
  );
});

test('a permalink also holds that all rows were taken away', () => {
  const empty = { ...begun, scenario: { ...begun.scenario, given: [] } };
  assert.is(fragment(empty), `diagram=${name}&given=&end=`);
  assert.equal(read(fragment(empty)), empty);
});

test('a permalink is for people, too', () => {
  const given = begun.scenario.given.map((row) =>
    row.label === 'from peer' ? { ...row, marks: [{ frame: 4, symbol: 'N' }] } : row,
  );
  assert.is(fragment(begun), `diagram=${name}`);
  assert.is(
    fragment({ ...begun, scenario: { ...begun.scenario, policy: 'N', given: given.slice(0, 1) } }),
    `diagram=${name}&policy=N&given=from+peer.4N&end=`,
  );
});

for (const [fragmentText, says] of [
  ['politics=S', /^unknown: politics$/],
  ['__proto__=S', /^unknown: __proto__$/],
  ['diagram=constructor', /^there is no diagram constructor$/],
  ['diagram=__proto__', /^there is no diagram __proto__$/],
  ['policy=x', /^x is none of s, S, N$/],
  ['protocol=TLSv1.1', /^TLSv1\.1 is none of/],
  ['versus=', /is none of s, S, N$/],
  ['J=true', /^true is none of 0, 1$/],
  ['K=-1', /^K: no whole number from 0 to \d+: -1$/],
  ['K=1e3', /^K: no whole number/],
  ['K=Infinity', /^K: no whole number/],
  [`K=${'9'.repeat(400)}`, /^K: no whole number/],
  ['high=1.5', /^high: no whole number/],
  ['step=0', /^step: no whole number from 1 to/],
  ['step=99', /^step: no whole number from 1 to/],
  ['bytes=A.1', /^bytes: A is no letter$/],
  ['bytes=__proto__.1', /^bytes: __proto__ is no letter$/],
  ['bytes=a', /^bytes: no whole number/],
  ['bytes=a.0', /^bytes: no whole number/],
  ['fault=toString', /^fault: unknown: toString$/],
  ['writeFault=rest', /^writeFault: unknown: rest$/],
  ['progStatus=code+1234', /^progStatus: unknown/],
  ['rows=some', /^some is none of all, usual$/],
  ['given=from+pear.1x', /^given: unknown row: from pear$/],
  ['given=constructor.1x', /^given: unknown row: constructor$/],
  ['given=from+peer.x', /^given: no mark: x$/],
  ['given=from+peer.1xy', /^given: no mark: 1xy$/],
  ['given=from+peer.1X', /^X does not belong into this row/],
  ['given=from+peer.2x.1y', /^time runs backwards/],
  ['given=from+peer.1%7C.2y', /^something after the end/],
  [`given=from+peer.${LAST_FRAME + 1}x`, /^given: no whole number/],
  [`given=from+peer${'.1x'.repeat(MOST_MARKS + 1)}`, /^given: more than 1000 marks in a row$/],
  ['given=signal.1t&given=signal.2t&end=', /^given: a row twice$/],
  [`given=from+peer${'.1x'.repeat(MOST_MARKS)}&given=from+prog.1a&end=`, /^given: more than 1000 marks$/],
  ['diagram=prog-eof-becomes-fin&given=from+peer.1x', /^its end is missing$/],
  ['diagram=prog-eof-becomes-fin&step=1&end=', /^step 1 has another diagram$/],
  ['step=1', /^step 1 has another diagram$/],
  ['told=to+pear', /^to pear is none of/],
  ['protocols=TLSv1.3+SSLv3', /^SSLv3 is none of/],
] as const) {
  test(`an address is refused that says ${fragmentText.slice(0, 40)}`, () => {
    assert.throws(
      () => read(fragmentText),
      (error: unknown) => error instanceof Error && says.test(error.message),
    );
  });
}

/** Pieces of fragments, sound and unsound, in any order. */
const pieces = fc.array(
  fc.oneof(
    states.map(fragment),
    fc.constantFrom(
      ...['&', '=', '.', '#', '%', '+', '%00', '%ED%A0%80', '<script>', '__proto__', 'constructor', 'toString'],
      ...['given=', 'from peer', 'diagram=', 'bytes=a.', 'K=', '1e309', '-0', 'NaN', '9'.repeat(30), '999999999x'],
    ),
    fc.string({ unit: 'binary' }),
  ),
  { maxLength: 5 },
);
const mutated = fc.tuple(states.map(fragment), fc.nat(500), fc.nat(3), fc.string()).map(([text, at, length, put]) => {
  const begin = at % (text.length + 1);
  return text.slice(0, begin) + put + text.slice(begin + length);
});

test('an address that somebody has made up gives a sound state, or one line that says why not', () => {
  let sound = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        pieces.map((all) => all.join('')),
        mutated,
      ),
      (text) => {
        let state: State;
        try {
          state = read(text);
        } catch (error) {
          // A TypeError, a RangeError would be a mistake of ours.
          assert.ok(error instanceof Error && ['Error', 'Misread'].includes(error.name), String(error));
          assert.match(error.message, /^.{3,400}$/u);
          return;
        }
        sound += 1;
        for (const { label, marks } of state.scenario.given) checkMarks(marks, GIVEN[label], label);
        assert.is(fragment(read(fragment(state))), fragment(state));
        resultsOf(state);
      },
    ),
    { seed, numRuns: 2000 },
  );
  assert.ok(sound > 100, `only ${sound} were sound`);
});

test('an address of many marks is refused at once', () => {
  assert.throws(() => read(`given=${'from+peer.1x'.repeat(1_000_000)}`), /^given: /);
  assert.throws(() => read(`given=from+peer${'.1x'.repeat(5_000_000)}`), /^given: more than 1000 marks in a row$/);
});

test('an address may hold long texts, of which the beginning is told', () => {
  const { scenario } = read(`title=${encodeURIComponent('<b>\u202e\n'.repeat(100_000))}`);
  assert.match(scenario.title, /^<b>\\xe2\\x80\\xae\\x0a<b>.{1,190}…$/u);
  assert.is(Array.from(scenario.title).length, 200);
});

test.run();
