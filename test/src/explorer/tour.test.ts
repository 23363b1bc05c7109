import { existsSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exitStatus } from '../../../graph/verdict.ts';
import type { Protocol } from '../../../graph/vocabulary.ts';
import { tourTexts } from '../../../scripts/build/tour.mjs';
import { playScenario } from '../../../src/diagram/play.ts';
import { readScenario, shownUnder, type Given, type Scenario } from '../../../src/diagram/scenario.ts';
import { addMark, moveMark } from '../../../src/explorer/model/edit.ts';
import { TOUR, type TourStep } from '../../../src/explorer/model/tour.ts';

const top = new URL('../../../', import.meta.url);
const texts = tourTexts(readFileSync(new URL('docs/closing.md', top), 'utf8'));
const fileOf = (diagram: string): URL => new URL(`diagrams/${diagram}.yaml`, top);
const scenarioOf = (diagram: string): Scenario => readScenario(readFileSync(fileOf(diagram), 'utf8'));

/** The marbles that can answer each question when they are moved, and no others can. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  'prog-eof-and-not-its-exit-becomes-fin': ['from prog |'],
  'peer-fin-is-prog-eof-under-s': ['from peer |', 'from prog |'],
  'data-after-close-notify-is-ignored': ['from peer N', 'from peer y'],
  'truncation-is-an-error-under-big-j': ['from peer |'],
  'prog-eof-becomes-fin': ['prog exit 0'],
  'tls12-answers-close-notify-at-once': ['from peer N', 'from prog b'],
  'reset-during-the-answer': ['from peer #'],
  'fin-after-the-linger-comes-too-late': ['from peer x', 'from peer y', 'from peer |', 'from prog |', 'prog exit 0'],
};

interface Moved {
  readonly marble: string;
  readonly scenario: Scenario;
}

/** Every scenario that can be had by moving one marble by up to 30 frames. */
const moves = (scenario: Scenario): readonly Moved[] =>
  scenario.given.flatMap(({ label, marks }) =>
    marks.flatMap(({ frame, symbol }, index) =>
      DISTANCES.map((distance) => ({
        marble: `${label} ${symbol}`,
        scenario: moveMark(scenario, { label, index }, frame + distance).scenario,
      })),
    ),
  );
const movesOf = (scenario: Scenario, marble: string): readonly Scenario[] =>
  moves(scenario)
    .filter((moved) => moved.marble === marble)
    .map((moved) => moved.scenario);

const stepOf = (wanted: string): TourStep => {
  const step = TOUR.find(({ diagram }) => diagram === wanted);
  if (step === undefined) throw new Error(`no step of the tour: ${wanted}`);
  return step;
};

const play = (scenario: Scenario, protocol: Protocol = shownUnder(scenario)) => playScenario(scenario, protocol);
const answers = ({ answered }: TourStep, scenario: Scenario): boolean => answered(scenario, play(scenario));
const exitOf = (scenario: Scenario): readonly number[] => play(scenario).verdicts.map(exitStatus);

const DISTANCES = Array.from({ length: 61 }, (_, index) => index - 30);

test('the tour is told in eight steps, from EOF to lingering', () => {
  assert.equal(
    texts.map(({ heading }) => heading),
    [
      'What is EOF?',
      'What does a FIN say?',
      'Why does close_notify exist?',
      'What is a truncation attack?',
      'What is a half-close?',
      'What did TLS 1.3 change?',
      'Why does a RST eat answers?',
      'What is lingering for?',
    ],
  );
});

test('every question in docs/closing.md has a goal, in the same order, and every goal a question', () => {
  assert.equal(
    TOUR.map(({ diagram }) => diagram),
    texts.map(({ diagram }) => diagram),
  );
});

for (const step of TOUR) {
  test(`${step.diagram}: there is such a diagram, and untouched it is no answer`, () => {
    assert.ok(existsSync(fileOf(step.diagram)));
    assert.not(answers(step, scenarioOf(step.diagram)));
  });

  test(`${step.diagram}: moving one marble is an answer, and it must be the right one`, () => {
    const found = moves(scenarioOf(step.diagram)).filter(({ scenario }) => answers(step, scenario));
    assert.equal([...new Set(found.map(({ marble }) => marble))], ANSWERS[step.diagram]);
  });

  test(`${step.diagram}: choosing another policy is no answer`, () => {
    const scenario = scenarioOf(step.diagram);
    for (const policy of ['s', 'S', 'N'] as const) assert.not(answers(step, { ...scenario, policy }), policy);
  });

  test(`${step.diagram}: taking marbles away is no answer`, () => {
    const { given, ...rest } = scenarioOf(step.diagram);
    const without = (label: Given, symbol: string): Scenario => ({
      ...rest,
      given: given.map((row) =>
        row.label === label ? { ...row, marks: row.marks.filter((mark) => mark.symbol !== symbol) } : row,
      ),
    });
    const found = given.flatMap(({ label, marks }) =>
      marks.filter(({ symbol }) => answers(step, without(label, symbol))).map(({ symbol }) => `${label} ${symbol}`),
    );
    assert.equal(found, []);
  });
}

// What the answers say beyond the goals is so.

test("What is EOF?: wherever prog's exit is dragged, the peer sees the same", () => {
  const scenario = scenarioOf('prog-eof-and-not-its-exit-becomes-fin');
  const seen = ({ rows }: ReturnType<typeof play>) => [rows['to peer'], rows['hang up']];
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
