import type { Page } from 'playwright-core';
import { exitStatus, tellVerdict } from '../../../graph/verdict.ts';
import type { Protocol } from '../../../graph/vocabulary.ts';
import { playScenario } from '../../../src/diagram/play.ts';
import type { Row } from '../../../src/diagram/rows.ts';
import type { Expected, Given, Scenario } from '../../../src/diagram/scenario.ts';

/** What stands on the page, read as assistive technology reads it. */
export interface Shown {
  readonly given: readonly Row[];
  /** For each policy. */
  readonly told: readonly Told[];
}

export interface Told {
  /** As above the rows: `-S -J`. */
  readonly options: string;
  readonly rows: readonly Row[];
  /** The rows that say that they are not the same under the other policy. */
  readonly differing: readonly string[];
  /** With its exit status; `none` as long as the connection is open. */
  readonly verdict: string;
}

/** Reads the page once a frame has gone by: so long it may take to show a change. The symbol of a marble is what is drawn, its time what is told. */
export const readPage = (page: Page): Promise<Shown> =>
  page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const all = (root: ParentNode, selector: string) => [...root.querySelectorAll<HTMLElement>(selector)];
    const symbolOf = (marble: Element): string =>
      marble.querySelector('svg text')?.textContent ?? (marble.querySelector('svg .end') ? '|' : 'no symbol');
    const rowsIn = (section: ParentNode, selector: string, timeOf: (marble: HTMLElement) => string | null) =>
      all(section, '[role=group]').map((group) => ({
        label: (group.ariaLabel ?? 'no name').split(', ', 1).join(),
        marks: all(group, selector).map((marble) => ({
          frame: Number(timeOf(marble) ?? NaN),
          symbol: symbolOf(marble),
        })),
      }));
    const [given, ...told] = all(document, '[role=region][aria-label="Rows of marbles"] section');
    if (given === undefined) throw new Error('no rows');
    const verdicts = all(document, 'output').map(({ innerText }) =>
      /; exit \d+$/.test(innerText) ? innerText : 'none',
    );
    return {
      given: rowsIn(given, '[role=slider]', (marble) => marble.ariaValueNow),
      told: told.map((section, i) => ({
        options: section.querySelector('h3 code')?.textContent ?? 'no options',
        rows: rowsIn(section, 'button', (marble) => /, at (\d+) ms$/.exec(marble.ariaLabel ?? '')?.[1] ?? null),
        differing: all(section, '[role=group]')
          .map(({ ariaLabel }) => ariaLabel ?? '')
          .filter((name) => name.endsWith(', differs'))
          .map((name) => name.split(', ', 1).join()),
        verdict: verdicts[i] ?? 'no place for it',
      })),
    };
  });

/** What the graph says under Node: rows by their labels, and the verdict as the page tells it. */
export function toldByNode(
  scenario: Scenario,
  protocol: Protocol,
  labels: readonly string[],
): Pick<Told, 'rows' | 'verdict'> {
  const { rows, verdicts } = playScenario(scenario, protocol);
  const [verdict] = verdicts;
  return {
    rows: labels.map((label) => ({ label, marks: rows[label as Expected] })),
    verdict: verdict === undefined ? 'none' : `${tellVerdict(verdict)}; exit ${exitStatus(verdict)}`,
  };
}

/** A scenario with other given rows, such as those that stand on the page. */
export const withGiven = (scenario: Scenario, given: readonly Row[]): Scenario => ({
  ...scenario,
  given: given.map(({ label, marks }) => ({ label: label as Given, marks })),
});
