import { CLOSING_TEXTS } from '../../../graph/closing-rules.ts';
import type { Policy, Protocol } from '../../../graph/vocabulary.ts';
import { differences } from '../../diagram/compare.ts';
import { ORDERS, playScenario } from '../../diagram/play.ts';
import { scenarioText } from '../../diagram/scenario-text.ts';
import { readScenario, type Scenario } from '../../diagram/scenario.ts';
import { resultOf } from './result.ts';

/**
 * The text of a diagram file for a scenario as it is played under a policy and a protocol: whoever puts it into diagrams/ has a test
 * that passes. Its title and its clause are still those of `asked`, unless `changed`: then they would not be true any more.
 *
 * Marks of one frame are drawn side by side, `(N|)`, and reach over the frames after theirs. What comes too close behind them is drawn
 * later, for all rows; the file says what happens then.
 *
 * @throws Error with a sentence for people, when there can be no such file.
 */
export function diagramFile(asked: Scenario, policy: Policy, protocol: Protocol, changed: boolean): string {
  let scenario: Scenario = { ...asked, protocols: [protocol] };
  if (changed) {
    const { clause } = CLOSING_TEXTS[protocol][policy];
    scenario = { ...scenario, title: `Made in the explorer from: ${asked.title.replace(MADE, '')}`, clause };
  }
  for (let drawn = 0; drawn < MOST_DRAWINGS; drawn += 1) {
    const result = resultOf(scenario, policy, protocol, false);
    if (result.verdict === undefined)
      throw new Error('The connection does not end, and a diagram needs a verdict: let prog exit, and both sides end.');
    if (!scenario.given.some(({ marks }) => marks.length > 0))
      throw new Error('Nothing happens, and a diagram needs something that is given.');
    const text = scenarioText(result.scenario, []);
    const read = readScenario(text);
    if (holds(read, protocol)) return text;
    scenario = read;
  }
  throw new Error('Too much happens in the same moment to be drawn: move some marbles apart.');
}

/** A file holds when it happens whoever listens first; what comes in one moment may not. */
const holds = (scenario: Scenario, protocol: Protocol): boolean =>
  Object.values(ORDERS).every((order) => differences(scenario, playScenario(scenario, protocol, order)) === undefined);

const MADE = /^Made in the explorer from: /;

/** Each stretches what the one before could not hold. */
const MOST_DRAWINGS = 20;
