import { EXPECTED, GIVEN } from '../../diagram/alphabet.ts';
import { checkMarks, type Mark } from '../../diagram/rows.ts';
import type { Expected, Given, Scenario, ScenarioRow } from '../../diagram/scenario.ts';
import { isWhole, MOST_BYTES, oneOf } from '../../diagram/values.ts';
import { shortLine } from '../../inspect/short-line.ts';
import { LAST_FRAME, MOST_MARKS } from './edit.ts';

/** All given rows of a scenario as one text: the same for the same rows. */
export const rowsText = ({ given }: Scenario): string => given.map(rowText).join();

/** A row as an address has it: `from peer.1x.4|`. */
export const rowText = ({ label, marks }: ScenarioRow<Given>): string =>
  [label, ...marks.map(({ frame, symbol }) => `${frame}${symbol}`)].join('.');

/** @throws Error with a sentence for people, as all below. */
export function readRow(text: string): ScenarioRow<Given> {
  const [label = '', ...rest] = text.split('.');
  if (!Object.hasOwn(GIVEN, label)) throw new Error(`given: unknown row: ${quoted(label)}`);
  if (rest.length > MOST_MARKS) throw new Error(`given: more than ${MOST_MARKS} marks in a row`);
  const marks = rest.map((mark): Mark => {
    const [, frame, symbol] = /^(\d{1,9})(.)$/.exec(mark) ?? [];
    if (frame === undefined || symbol === undefined) throw new Error(`given: no mark: ${quoted(mark)}`);
    return { frame: number('given', frame, 0, LAST_FRAME), symbol };
  });
  checkMarks(marks, GIVEN[label as Given], label);
  return { label: label as Given, marks };
}

/** @throws Error when there is a row twice, or too much in all of them to be drawn while somebody drags. */
export function checkRows(given: Scenario['given']): void {
  if (new Set(given.map(({ label }) => label)).size < given.length) throw new Error('given: a row twice');
  const marks = given.reduce((sum, row) => sum + row.marks.length, 0);
  if (marks > MOST_MARKS) throw new Error(`given: more than ${MOST_MARKS} marks`);
}

/** The rows that are shown of what the graph says: `to peer.to prog`. */
export const toldText = ({ expected }: Scenario): string => expected.map(({ label }) => label).join('.');

export const readTold = (text: string): Scenario['expected'] =>
  text.split('.').map((label) => ({ label: oneOf(EXPECTED_ROWS, label, 1), marks: [] }));

const EXPECTED_ROWS = Object.keys(EXPECTED) as readonly Expected[];

export function readBytes(text: string): Scenario['bytes'] {
  const pairs = text === '' ? [] : text.split('.');
  const sizes: Record<string, number> = {};
  for (let i = 0; i < pairs.length; i += 2) {
    const letter = pairs[i] ?? '';
    if (!/^[a-z]$/.test(letter)) throw new Error(`bytes: ${quoted(letter)} is no letter`);
    sizes[letter] = number('bytes', pairs[i + 1] ?? '', 1, MOST_BYTES);
  }
  return sizes;
}

export function number(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && isWhole(value) && value >= least && value <= most) return value;
  throw new Error(`${name}: no whole number from ${least} to ${most}: ${quoted(text)}`);
}

export function checked(is: (text: string) => boolean, name: string, text: string): string {
  if (is(text)) return text;
  throw new Error(`${name}: unknown: ${quoted(text)}`);
}

/** A text that an address can hold. */
export const shortened = (text: string): string => shortLine(text, LONGEST_TEXT) || '-';

/** What an address says, in a line for people. */
export const quoted = (text: string): string => shortLine(text, LONGEST_QUOTE);

/** Characters, of what others have chosen: titles, clauses, what is told of a fault. */
export const LONGEST_TEXT = 200;
const LONGEST_QUOTE = 60;
