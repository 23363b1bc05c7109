import { readFileSync } from 'node:fs';
import type { Protocol } from '../../../../graph/vocabulary.ts';
import { playScenario, type Actual } from '../../../../src/diagram/play.ts';
import { readScenario, shownUnder, type Scenario } from '../../../../src/diagram/scenario.ts';
import { moveMark } from '../../../../src/explorer/model/edit.ts';
import { TOUR, type TourStep } from '../../../../src/explorer/model/tour.ts';

/** A file of diagrams/. */
export const scenarioOf = (diagram: string): Scenario =>
  readScenario(readFileSync(new URL(`../../../../diagrams/${diagram}.yaml`, import.meta.url), 'utf8'));

/** A scenario, and which of its marbles was moved. */
export interface Moved {
  readonly marble: string;
  readonly scenario: Scenario;
}

/** Every scenario that can be had by moving one marble by up to 30 frames. */
export const moves = (scenario: Scenario): readonly Moved[] =>
  scenario.given.flatMap(({ label, marks }) =>
    marks.flatMap(({ frame, symbol }, index) =>
      DISTANCES.map((distance) => ({
        marble: `${label} ${symbol}`,
        scenario: moveMark(scenario, { label, index }, frame + distance).scenario,
      })),
    ),
  );

/** The same, of one marble only: `from peer N`. */
export const movesOf = (scenario: Scenario, wanted: string): readonly Scenario[] => {
  const found = moves(scenario).filter(({ marble }) => marble === wanted);
  if (found.length === 0) throw new Error(`no such marble: ${wanted}`);
  return found.map((moved) => moved.scenario);
};

export const stepOf = (wanted: string): TourStep => {
  const step = TOUR.find(({ diagram }) => diagram === wanted);
  if (step === undefined) throw new Error(`no step of the tour: ${wanted}`);
  return step;
};

export const play = (scenario: Scenario, protocol: Protocol = shownUnder(scenario)): Actual =>
  playScenario(scenario, protocol);

export const answers = ({ answered }: TourStep, scenario: Scenario): boolean => answered(scenario, play(scenario));

const DISTANCES = Array.from({ length: 61 }, (_, index) => index - 30);
