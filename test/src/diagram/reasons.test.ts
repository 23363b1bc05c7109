import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LAWS } from '../../../graph/laws.ts';
import type { Policy, Protocol } from '../../../graph/vocabulary.ts';
import { playScenario } from '../../../src/diagram/play.ts';
import { reasonsFor, type Reason } from '../../../src/diagram/reasons.ts';
import { POLICIES, PROTOCOLS, readScenario, shownUnder } from '../../../src/diagram/scenario.ts';
import type { Expected, Given, Scenario } from '../../../src/diagram/scenario.ts';
import { STANDING } from '../../../src/diagram/standing-rules.ts';
import { PINNED } from './support/pinned-reasons.ts';

const folder = new URL('../../../diagrams/', import.meta.url);
const diagram = (name: string): Scenario => readScenario(readFileSync(new URL(`${name}.yaml`, folder), 'utf8'));
const diagrams = readdirSync(folder).map((file) => diagram(file.replace('.yaml', '')));

interface Told {
  readonly label: Expected;
  /** The symbol and the frame, as in `N@12`. */
  readonly mark: string;
  readonly reasons: readonly Reason[];
}

/** Every mark that the graph says, and why. */
function toldIn(scenario: Scenario, protocol: Protocol = shownUnder(scenario)): readonly Told[] {
  const { rows, occasions } = playScenario(scenario, protocol);
  return (Object.keys(rows) as Expected[]).flatMap((label) => {
    assert.is(occasions[label].length, rows[label].length);
    return rows[label].flatMap(({ symbol, frame }, i) => {
      const occasion = occasions[label][i];
      if (occasion === undefined) return [];
      return [{ label, mark: `${symbol}@${frame}`, reasons: reasonsFor({ label, symbol, ...occasion }, scenario, protocol) }]; // prettier-ignore
    });
  });
}

/** The reasons of a mark, which must be there. */
function reasonsOf(scenario: Scenario, label: Expected, mark: string, protocol?: Protocol): readonly Reason[] {
  const marks = toldIn(scenario, protocol).filter((told) => told.label === label);
  const found = marks.find((told) => told.mark === mark);
  if (found === undefined) throw new Error(`${label} is ${marks.map((told) => told.mark).join(' ')}`);
  return found.reasons;
}

/** Compares reasons with `operator: a piece of its text`. */
function same(reasons: readonly Reason[], expected: readonly string[], where = ''): void {
  const told = reasons.map(({ operator, says }) => `${operator}: ${says}`);
  assert.is(told.length, expected.length, `${where} ${told.join('\n')}`);
  for (const [i, text] of expected.entries()) {
    const [operator = '', piece = ''] = text.split(': ', 2);
    assert.ok(
      told[i]?.startsWith(`${operator}: `) && told[i].includes(piece),
      `${where} ${told[i] ?? ''} is not ${text}`,
    );
  }
}

const given = (scenario: Scenario, label: Given, ...marks: readonly [number, string][]): Scenario => ({
  ...scenario,
  given: [
    ...scenario.given.filter((row) => row.label !== label),
    { label, marks: marks.map(([frame, symbol]) => ({ frame, symbol })) },
  ],
});

for (const [file, label, mark, ...expected] of PINNED) {
  test(`${file}: ${mark} in "${label}" comes from ${expected.join(', because of ')}`, () => {
    same(reasonsOf(diagram(file), label, mark), expected);
  });
}

test('every rule and every law is the reason of some mark above, so that no text can be mixed up unseen', () => {
  const seen = new Set(PINNED.flatMap(([file, label, mark]) => reasonsOf(diagram(file), label, mark)).map(({ says }) => says)); // prettier-ignore
  const all = { ...STANDING, ...LAWS };
  const unseen = Object.entries(all).flatMap(([name, { says }]) => (seen.has(says) ? [] : [name]));
  // What happens before the handshake is done is no diagram: see below.
  assert.equal(unseen, ['foregone']);
});

test('under each policy and protocol every mark has a reason, an operator that there is, and clauses of its own version', () => {
  const foreign: Readonly<Record<Protocol, string>> = { 'TLSv1.2': 'RFC 8446', 'TLSv1.3': 'RFC 5246' };
  for (const own of diagrams) {
    for (const [policy, protocol] of EACH) {
      const scenario = { ...own, policy };
      for (const { label, mark, reasons } of toldIn(scenario, protocol)) {
        const where = `${own.title}, -${policy}, ${protocol}: ${label} ${mark}`;
        assert.ok(reasons.length > 0, where);
        assert.is(new Set(reasons.map(({ says }) => says)).size, reasons.length, `twice: ${where}`);
        for (const { operator, says, clause } of reasons) {
          assert.ok(existsSync(new URL(`../graph/operators/${operator}.ts`, folder)), operator);
          assert.match(says, /^\S.*[^.]\.$/);
          assert.match(clause, /\S/);
          assert.not.ok(clause.includes(foreign[protocol]), `${clause}: ${where}`);
        }
      }
    }
  }
});

test('under each policy a signal ends what goes to prog by the time that it leaves, whoever still runs', () => {
  for (const name of ['signal-that-prog-ignores', 'signal-with-a-peer-that-takes-nothing']) {
    const sent = diagram(name).given.find(({ label }) => label === 'signal')?.marks[0]?.frame ?? NaN;
    for (const [policy, protocol] of EACH) {
      const reasons = reasonsOf({ ...diagram(name), policy }, 'to prog', `|@${sent + 5000}`, protocol);
      same(reasons, ['linger: The time that prog has after a signal was over'], `${name} -${policy} ${protocol}:`);
    }
  }
});

test('two laws that have waited until the same frame are two occasions', () => {
  const both = { ...given(diagram('signal-that-prog-ignores'), 'signal', [2, 'i']), idleTimeout: 1 };
  const laws = playScenario(both, 'TLSv1.3').laws.filter(({ frame }) => frame === 3);
  assert.equal(laws.map(({ law }) => law), ['signalGrace', 'endBy', 'idleTimeout']); // prettier-ignore
  same(reasonsOf(both, 'to peer', '|@3'), ['endBy: close_notify', 'linger: after a signal was over']);
  same(reasonsOf(both, 'to prog', '|@3'), ['linger: after a signal was over']);
  same(reasonsOf(both, 'hang up', 'T@3'), ['idleTimeout: Nothing had moved']);
});

test('laws that led to each other are told from the last one back', () => {
  const truncated = { ...diagram('reset-after-our-ending-is-no-error'), requireCloseNotify: true };
  const reasons = ['faultAsEof: a pipe', 'requireCloseNotify: Under -J', 'excuseProvoked: a known answer'];
  same(reasonsOf(truncated, 'to prog', '|@9'), reasons);
});

test('a write that fails makes no room: what waits for room is thrown away', () => {
  const broken = given(diagram('idle-timeout-with-a-peer-that-takes-nothing'), 'taken by peer', [10, '#']);
  same(reasonsOf(broken, 'demand prog', 'h@10'), ['demand: had ended', 'breakOn: neither close_notify nor FIN']);
});

test('what had ended before the handshake was done is told as such', () => {
  const early = given(diagram('peer-fin-is-prog-eof-under-s'), 'handshake', [5, 'h']);
  same(reasonsOf(early, 'to prog', '|@5'), ['continueWith: before the handshake was done']);
  same(reasonsOf(early, 'reading peer', '!@5'), ['continueWith: before the handshake was done']);
  const broken = given(diagram('reset-during-the-answer'), 'handshake', [20, 'h']);
  same(reasonsOf(broken, 'hang up', 'T@20'), ['continueWith: before the handshake was done']);
});

test('a write that fails without breaking the connection ends what goes to prog, and no more', () => {
  const cut = { ...diagram('write-fails-while-the-peer-still-sends'), writeFault: 'truncation' };
  same(reasonsOf(cut, 'to prog', '|@6'), ['until: Writing to the peer had failed']);
  assert.throws(() => reasonsOf(cut, 'hang up', 'T@6'), /^hang up is/);
});

const EACH = POLICIES.flatMap((policy) => PROTOCOLS.map((protocol): readonly [Policy, Protocol] => [policy, protocol]));

test.run();
