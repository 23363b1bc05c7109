import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exitStatus } from '../../../graph/verdict.ts';
import type { Actual } from '../../../src/diagram/play.ts';
import type { Scenario } from '../../../src/diagram/scenario.ts';
import { addMark, moveMark } from '../../../src/explorer/model/edit.ts';
import { answers, moves, movesOf, play, scenarioOf, stepOf } from './support/tour-moves.ts';

// What the answers in docs/closing.md say beyond the goals of the tour is so.

const exitOf = (scenario: Scenario): readonly number[] => play(scenario).verdicts.map(exitStatus);

test("What is EOF?: wherever prog's exit is dragged, the peer sees the same", () => {
  const scenario = scenarioOf('prog-eof-and-not-its-exit-becomes-fin');
  const seen = ({ rows }: Actual) => [rows['to peer'], rows['hang up']];
  for (const moved of movesOf(scenario, 'prog exit 0')) assert.equal(seen(play(moved)), seen(play(scenario)));
});

test('What is a truncation attack?: a FIN is 98 wherever it stands, and 0 behind a close_notify', () => {
  const scenario = scenarioOf('truncation-is-an-error-under-big-j');
  const moved = movesOf(scenario, 'from peer |');
  assert.equal([...new Set(moved.flatMap(exitOf))], [98]);
  const closeNotify = { name: 'close_notify', symbol: 'N' };
  assert.equal(exitOf(addMark(scenario, 'from peer', closeNotify).scenario), [0]);
});

test("What is a half-close?: prog's exit is no answer while somebody else still holds its stdout", () => {
  const diagram = 'prog-eof-becomes-fin';
  const held = moveMark(scenarioOf(diagram), { label: 'from prog', index: 1 }, 8).scenario;
  for (const moved of movesOf(held, 'prog exit 0')) assert.not(answers(stepOf(diagram), moved));
});

test('What did TLS 1.3 change?: under TLS 1.3 the whole answer arrives, wherever close_notify stands', () => {
  const scenario = scenarioOf('tls12-answers-close-notify-at-once');
  for (const moved of movesOf(scenario, 'from peer N')) {
    const said = play(moved, 'TLSv1.3').rows['to peer'].map(({ symbol }) => symbol);
    assert.is(said.join(''), 'abcN|');
  }
});

test('Why does a RST eat answers?: behind our close_notify it leaves the exit status to prog; `b` before it does not help', () => {
  const scenario = scenarioOf('reset-during-the-answer');
  const late = movesOf(scenario, 'from peer #').filter((moved) => play(moved).rows['to peer'].at(-1)?.symbol === '|');
  assert.equal([...new Set(late.flatMap(exitOf))], [0]);
  const said = movesOf(scenario, 'from prog b').map((moved) => play(moved).rows['to peer'].map(({ symbol }) => symbol));
  assert.ok(said.some((symbols) => symbols.includes('b')));
  assert.not.ok(said.some((symbols) => symbols.includes('N')));
});

test('What is lingering for?: when the FIN is heard, TCP is let go of with it', () => {
  const diagram = 'fin-after-the-linger-comes-too-late';
  const heard = moves(scenarioOf(diagram)).filter(({ scenario }) => answers(stepOf(diagram), scenario));
  assert.ok(heard.length > 0);
  for (const { scenario } of heard) {
    const fin = scenario.given.find(({ label }) => label === 'from peer')?.marks.at(-1);
    assert.is(play(scenario).rows['hang up'][0]?.frame, fin?.frame);
  }
});

test.run();
