import { CLOSING_TEXTS, type RuleText } from '../../../graph/closing-rules.ts';
import { exitStatus, tellVerdict } from '../../../graph/verdict.ts';
import type { Policy, Protocol } from '../../../graph/vocabulary.ts';
import { scenarioPicture, tellOptions } from '../../diagram/picture.ts';
import { playScenario, type Actual } from '../../diagram/play.ts';
import { reasonsFor, type Reason } from '../../diagram/reasons.ts';
import { MANDATORY, type Expected, type Scenario } from '../../diagram/scenario.ts';
import type { State } from './state.ts';
import type { PictureMark, PictureRow } from '../../picture/picture.ts';

/** What the graph made of a scenario under one policy. */
export interface Result {
  /** The scenario as a diagram file would have it: what is expected is what happened. */
  readonly scenario: Scenario;
  readonly actual: Actual;
  /** As one would ask for them: `-S -J`. */
  readonly options: string;
  /** What the policy means under the protocol. */
  readonly rule: RuleText;
  readonly given: readonly PictureRow[];
  readonly told: readonly ToldRow[];
  /** `undefined`: what is given leaves the connection open. */
  readonly verdict: { readonly line: string; readonly exit: number } | undefined;
}

/** A row that the graph has said, and why each of its marks is there. */
export interface ToldRow extends PictureRow {
  readonly label: Expected;
  readonly marks: readonly ToldMark[];
}

export interface ToldMark extends PictureMark {
  readonly reasons: readonly Reason[];
}

/** All that a state asks for: the policy of the scenario, and the one to compare it with. */
export const resultsOf = ({ scenario, protocol, versus, all }: State): readonly Result[] =>
  (versus === undefined ? [scenario.policy] : [scenario.policy, versus]).map((policy) =>
    resultOf(scenario, policy, protocol, all),
  );

/**
 * Plays a scenario under a policy and a protocol in virtual time.
 *
 * @param all also the rows of demand, of reading, and of the start.
 */
export function resultOf(asked: Scenario, policy: Policy, protocol: Protocol, all: boolean): Result {
  const played: Scenario = { ...asked, policy };
  const actual = playScenario(played, protocol);
  const labels = shownRows(played, actual, all);
  const [verdict] = actual.verdicts;
  const scenario: Scenario = {
    ...played,
    expected: labels.map((label) => ({ label, marks: actual.rows[label] })),
    verdict: verdict === undefined ? 'none' : tellVerdict(verdict),
    exit: verdict === undefined ? 0 : exitStatus(verdict),
  };
  const { rows } = scenarioPicture(scenario, protocol, actual);
  return {
    scenario,
    actual,
    options: tellOptions(scenario),
    rule: CLOSING_TEXTS[protocol][policy],
    given: rows.filter(({ group }) => group === 'given'),
    told: rows.filter(({ group }) => group === 'told').map((row) => toldRow(row, scenario, protocol, actual)),
    verdict: verdict === undefined ? undefined : { line: scenario.verdict, exit: scenario.exit },
  };
}

function shownRows({ given, expected }: Scenario, { rows }: Actual, all: boolean): readonly Expected[] {
  const asked = new Set<Expected>(expected.map(({ label }) => label));
  if (given.some(({ label }) => label === 'handshake')) asked.add('start prog');
  return ROWS.filter(
    (label) =>
      all || MANDATORY.includes(label) || asked.has(label) || (label === 'signal to prog' && rows[label].length > 0),
  );
}

function toldRow(row: PictureRow, scenario: Scenario, protocol: Protocol, actual: Actual): ToldRow {
  const label = row.label as Expected;
  const marks = row.marks.map((mark, i): ToldMark => {
    const occasion = actual.occasions[label][i] ?? { happened: undefined, laws: [] };
    return { ...mark, reasons: reasonsFor({ label, symbol: mark.symbol, ...occasion }, scenario, protocol) };
  });
  return { ...row, label, marks };
}

/** In the order in which they are drawn. */
const ROWS: readonly Expected[] = [
  'start prog',
  'to peer',
  'to prog',
  'signal to prog',
  'hang up',
  'demand peer',
  'demand prog',
  'reading peer',
  'reading prog',
];
