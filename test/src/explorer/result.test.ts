import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CLOSING_TEXTS } from '../../../graph/closing-rules.ts';
import { LAWS } from '../../../graph/laws.ts';
import { resultOf, resultsOf } from '../../../src/explorer/model/result.ts';
import { stateOf } from '../../../src/explorer/model/state.ts';
import { diagram, DIAGRAMS } from './support/diagrams.ts';

for (const [name, scenario] of DIAGRAMS) {
  for (const protocol of scenario.protocols) {
    const { told, given, verdict, actual } = resultOf(scenario, scenario.policy, protocol, false);

    test(`${name} gives under ${protocol} the rows and the verdict that it expects`, () => {
      assert.equal(actual.broken, []);
      assert.equal(verdict, { line: scenario.verdict, exit: scenario.exit });
      for (const { label, marks } of scenario.expected) {
        const row = told.find((each) => each.label === label);
        assert.equal(
          row?.marks.map(({ time, symbol }) => ({ frame: time, symbol })),
          marks,
          label,
        );
      }
      assert.equal(
        given.map(({ label, marks }) => [label, ...marks.map(({ time, symbol }) => `${time}${symbol}`)]),
        scenario.given.map(({ label, marks }) => [label, ...marks.map(({ frame, symbol }) => `${frame}${symbol}`)]),
      );
    });

    test(`${name} tells under ${protocol} of every mark of every row what it is, and why`, () => {
      const { told: all } = resultOf(scenario, scenario.policy, protocol, true);
      for (const { label, marks } of all) {
        for (const { symbol, time, meaning, reasons } of marks) {
          const mark = `${label} ${time}${symbol}`;
          assert.ok(meaning !== '', mark);
          assert.ok(reasons.length > 0, mark);
          for (const { operator, says, clause } of reasons) {
            assert.match(operator, /^[a-z][A-Za-z]+$/);
            assert.match(says, /^.+\.$/);
            assert.ok(clause !== '', mark);
          }
        }
      }
    });
  }
}

test('a row that a file expects is shown, and one in which nothing can be seen is not', () => {
  const labels = (name: string, all = false): readonly string[] => {
    const scenario = diagram(name);
    return resultOf(scenario, scenario.policy, 'TLSv1.3', all).told.map(({ label }) => label);
  };
  assert.equal(labels('prog-eof-becomes-close-notify'), ['to peer', 'to prog', 'hang up']);
  assert.ok(labels('stalled-peer-stops-prog').includes('demand prog'));
  assert.ok(labels('signal-in-mid-transfer').includes('signal to prog'));
  assert.ok(labels('handshake-failure-runs-no-prog').includes('start prog'));
  assert.is(labels('prog-eof-becomes-close-notify', true).length, 9);
});

test('a signal that is added shows what becomes of it', () => {
  const begun = diagram('prog-eof-becomes-close-notify');
  const given = [...begun.given, { label: 'signal' as const, marks: [{ frame: 1, symbol: 't' }] }];
  const { told } = resultOf({ ...begun, given }, 'S', 'TLSv1.3', false);
  assert.equal(
    told.map(({ label }) => label),
    ['to peer', 'to prog', 'signal to prog', 'hang up'],
  );
});

test('the reasons of a mark are its own', () => {
  const { told } = resultOf(diagram('prog-eof-becomes-close-notify'), 'S', 'TLSv1.3', false);
  const says = (label: string, index: number): readonly string[] =>
    told.find((row) => row.label === label)?.marks[index]?.reasons.map((reason) => reason.says) ?? [];
  assert.equal(says('to peer', 1), [LAWS.endBy.says]);
  assert.equal(says('to prog', 0), ['What the peer says goes to prog as it is, in its order, until its close_notify.']);
  assert.ok(says('to prog', 1).includes(LAWS.untilDeaf.says));
});

test('what is given may leave the connection open: then there is no verdict', () => {
  const begun = diagram('prog-eof-becomes-close-notify');
  const given = begun.given.filter(({ label }) => label !== 'prog exit');
  assert.is(resultOf({ ...begun, given }, 'S', 'TLSv1.3', false).verdict, undefined);
});

test('two policies are played on the same input', () => {
  const state = { ...stateOf(diagram('prog-eof-becomes-close-notify'), undefined), versus: 's' } as const;
  const [own, other, ...more] = resultsOf(state);
  assert.is(more.length, 0);
  assert.is(own?.options, '-S');
  assert.is(other?.options, '-s');
  assert.equal(own?.given, other?.given);
  assert.is(own?.rule, CLOSING_TEXTS['TLSv1.3'].S);
  const toPeer = (result: typeof own): string | undefined =>
    result?.told
      .find(({ label }) => label === 'to peer')
      ?.marks.map(({ symbol }) => symbol)
      .join('');
  assert.is(toPeer(own), 'aN|');
  assert.is(toPeer(other), 'a|');
});

test.run();
