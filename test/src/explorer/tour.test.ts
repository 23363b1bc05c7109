import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { tourTexts } from '../../../scripts/build/tour.mjs';
import type { Given, Scenario } from '../../../src/diagram/scenario.ts';
import { TOUR } from '../../../src/explorer/model/tour.ts';
import { answers, moves, scenarioOf } from './support/tour-moves.ts';

const texts = tourTexts(readFileSync(new URL('../../../docs/closing.md', import.meta.url), 'utf8'));

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
  test(`${step.diagram}: untouched the diagram is no answer`, () => {
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

test.run();
