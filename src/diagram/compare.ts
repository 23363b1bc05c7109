import { exitStatus, tellVerdict } from '../../graph/verdict.ts';
import type { Actual } from './play.ts';
import { drawRows, type Row } from './rows.ts';
import type { Expected, Scenario } from './scenario.ts';

/** The differences between what a scenario expects and what happened, for people; `undefined` when there are none. */
export function differences(scenario: Scenario, actual: Actual): string | undefined {
  const wrong = scenario.expected
    .filter(({ label, marks }) => JSON.stringify(marks) !== JSON.stringify(actual.rows[label]))
    .map(({ label }): string => `${label} is different`);
  const wanted = scenario.expected.map(({ label }): Expected => label);
  if (!wanted.includes('signal to prog') && actual.rows['signal to prog'].length > 0) wrong.push('signal to prog');
  const [verdict] = actual.verdicts;
  const told = verdict === undefined ? 'no verdict' : tellVerdict(verdict);
  if (told !== scenario.verdict) wrong.push(`verdict\n  expected  ${scenario.verdict}\n  actual    ${told}`);
  const exit = verdict === undefined ? undefined : exitStatus(verdict);
  if (exit !== scenario.exit) wrong.push(`exit ${String(exit)}, not ${String(scenario.exit)}`);
  wrong.push(...actual.broken);
  if (wrong.length === 0) return undefined;
  const expected = scenario.expected.map(({ label, marks }): Row => ({ label: `expected ${label}`, marks }));
  const seen = wanted.map((label): Row => ({ label: `actual   ${label}`, marks: actual.rows[label] }));
  const both = expected.flatMap((row, i) => [row, ...seen.slice(i, i + 1)]);
  return `${scenario.title}\n\n${drawRows([...scenario.given, ...both])}\n\n${wrong.join('\n')}\n`;
}

/** A scenario and what really happened, as aligned rows. */
export function drawScenario(scenario: Scenario, actual: Actual): string {
  const happened = scenario.expected.map(({ label }): Row => ({ label, marks: actual.rows[label] }));
  const verdicts = actual.verdicts.map(tellVerdict);
  return [drawRows([...scenario.given, ...happened]), ...verdicts].join('\n');
}
