import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LAWS, type Law } from '../../../graph/laws.ts';
import { playScenario, type Actual } from '../../../src/diagram/play.ts';
import { reasonsFor, type Reason, type Said } from '../../../src/diagram/reasons.ts';
import { readScenario, type Expected } from '../../../src/diagram/scenario.ts';

const folder = new URL('../../../diagrams/', import.meta.url);

const saidIn = ({ rows, occasions }: Actual): readonly Said[] =>
  (Object.keys(rows) as Expected[]).flatMap((label) =>
    rows[label].flatMap(({ symbol }, i) => {
      const occasion = occasions[label][i];
      return occasion === undefined ? [] : [{ label, symbol, ...occasion }];
    }),
  );

const told: { readonly file: string; readonly said: Said; readonly reasons: readonly Reason[] }[] = [];
let marks = 0;
for (const file of readdirSync(folder)) {
  const scenario = readScenario(readFileSync(new URL(file, folder), 'utf8'));
  for (const protocol of scenario.protocols) {
    const actual = playScenario(scenario, protocol);
    marks += Object.values(actual.rows).flat().length;
    for (const said of saidIn(actual)) told.push({ file, said, reasons: reasonsFor(said, scenario, protocol) });
  }
}

const reasonsOf = (file: string, label: Expected, symbol: string): readonly string[] => {
  const found = told.find(({ file: in_, said }) => in_ === `${file}.yaml` && said.label === label && said.symbol === symbol); // prettier-ignore
  return found?.reasons.map(({ operator }) => operator) ?? [];
};

test('every mark of every diagram has a reason, with an operator that there is', () => {
  assert.is(told.length, marks);
  for (const { file, said, reasons } of told) {
    assert.ok(reasons.length > 0, `${file}: ${said.label} ${said.symbol}`);
    for (const { operator, says, clause } of reasons) {
      assert.ok(existsSync(new URL(`../graph/operators/${operator}.ts`, folder)), operator);
      assert.match(says, /\.$/);
      assert.match(clause, /\S/);
    }
  }
});

test('every law is the reason of some mark', () => {
  const given = new Set(told.flatMap(({ reasons }) => reasons.map(({ says }) => says)));
  for (const law of Object.keys(LAWS) as Law[]) assert.ok(given.has(LAWS[law].says), law);
});

for (const [file, label, symbol, ...operators] of [
  ['prog-eof-becomes-close-notify', 'to peer', 'N', 'endBy'],
  ['prog-eof-becomes-close-notify', 'to prog', '|', 'untilDeaf'],
  ['prog-eof-becomes-fin', 'to peer', '|', 'endBy'],
  ['peer-fin-is-prog-eof-under-s', 'to prog', '|', 'untilCloseNotify'],
  ['tls12-answers-close-notify-at-once', 'to peer', 'N', 'endBy', 'untilAnswered'],
  ['reset-during-the-answer', 'to peer', '#', 'breakOn'],
  ['reset-during-the-answer', 'to prog', '|', 'faultAsEof'],
  ['reset-during-the-answer', 'hang up', 'T', 'firstOf'],
  ['reset-after-our-ending-is-no-error', 'hang up', 'T', 'allOf', 'excuseProvoked'],
  ['linger-ends-after-silence', 'hang up', 'T', 'linger'],
  ['idle-timeout-under-s', 'to peer', '|', 'endBy', 'idleTimeout'],
  ['idle-timeout-under-s', 'to prog', '|', 'idleTimeout'],
  ['truncation-is-an-error-under-big-j', 'to prog', '|', 'faultAsEof', 'requireCloseNotify'],
  ['prog-closes-its-stdin-early', 'to prog', '|', 'until'],
  ['stalled-peer-stops-prog', 'demand prog', 'l', 'demand'],
] as const) {
  test(`${file}: ${symbol} in "${label}" comes from ${operators.join(', because of ')}`, () =>
    assert.equal(reasonsOf(file, label, symbol), operators));
}

test.run();
