import { isEnd, type Mark } from '../../diagram/rows.ts';
import type { Given, Scenario } from '../../diagram/scenario.ts';
import { freeLetter, type Kind } from './kinds.ts';

/** One mark of a given row, by its place among the marks of that row. */
export interface Place {
  readonly label: Given;
  readonly index: number;
}

/** A scenario in which something was changed, and where the mark is now that was touched. */
export interface Edited {
  readonly scenario: Scenario;
  readonly place: Place | undefined;
}

/**
 * Moves a mark along its row. Only an end stops it: nothing comes after the end of a row, and the end comes after everything. A mark that
 * comes upon another in its frame stays on the side from which it came.
 *
 * @param frame in milliseconds; what is out of bounds goes as far as it can.
 */
export function moveMark(scenario: Scenario, place: Place, frame: number): Edited {
  const marks = marksOf(scenario, place.label);
  const mark = marks[place.index];
  if (mark === undefined) return { scenario, place: undefined };
  const others = marks.filter((each) => each !== mark);
  const [least, most] = boundsOf(others, mark.symbol);
  const moved = { ...mark, frame: Math.min(Math.max(Math.round(frame), least), most) };
  const later = moved.frame > mark.frame;
  const before = others.filter((each) => (later ? each.frame < moved.frame : each.frame <= moved.frame));
  const index = Math.min(before.length, beforeEnd(others));
  return withMarks(scenario, { label: place.label, index }, others.toSpliced(index, 0, moved));
}

/** The frames between which {@link moveMark} can move a mark. */
export function boundsFor(scenario: Scenario, { label, index }: Place): readonly [least: number, most: number] {
  const marks = marksOf(scenario, label);
  return boundsOf(marks.toSpliced(index, 1), marks[index]?.symbol ?? '');
}

export function removeMark(scenario: Scenario, { label, index }: Place): Edited {
  const marks = marksOf(scenario, label).toSpliced(index, 1);
  const left = marks.length === 0 ? undefined : { label, index: Math.min(index, marks.length - 1) };
  return { ...withMarks(scenario, { label, index }, marks), place: left };
}

/**
 * Adds a mark behind the others of its row; before an end, if there is one. An end replaces the one that is there, and so does what
 * happens only once. A row that is full stays as it is.
 */
export function addMark(scenario: Scenario, label: Given, kind: Kind): Edited {
  const symbol = kind.symbol ?? freeLetter(scenario, label);
  const marks = ONCE.has(label)
    ? []
    : marksOf(scenario, label).filter((mark) => !(isEnd(symbol) && isEnd(mark.symbol)));
  if (marks.length >= MOST_MARKS) return { scenario, place: { label, index: marks.length - 1 } };
  const index = isEnd(symbol) ? marks.length : beforeEnd(marks);
  const after = marks[index - 1]?.frame ?? -DISTANCE + 1;
  const frame = Math.min(after + DISTANCE, marks[index]?.frame ?? LAST_FRAME);
  return withMarks(meaning(scenario, label, kind), { label, index }, marks.toSpliced(index, 0, { frame, symbol }));
}

/** Makes something else of a mark. What becomes an end goes behind all others, and replaces an end that is there. */
export function changeKind(scenario: Scenario, place: Place, kind: Kind): Edited {
  const marks = marksOf(scenario, place.label);
  const mark = marks[place.index];
  if (mark === undefined) return { scenario, place: undefined };
  const symbol = kind.symbol ?? freeLetter(scenario, place.label);
  if (!isEnd(symbol)) {
    return withMarks(meaning(scenario, place.label, kind), place, marks.with(place.index, { ...mark, symbol }));
  }
  const others = marks.filter((each) => each !== mark && !isEnd(each.symbol));
  const frame = Math.max(mark.frame, ...others.map((each) => each.frame));
  const index = others.length;
  return withMarks(meaning(scenario, place.label, kind), { label: place.label, index }, [...others, { frame, symbol }]);
}

/** Adds a row in which nothing happens: what the drivers did there of themselves no longer happens either. */
export const addRow = (scenario: Scenario, label: Given): Scenario => ({
  ...scenario,
  given: [...scenario.given.filter((row) => row.label !== label), { label, marks: [] }],
});

/** Takes a row away. */
export const removeRow = (scenario: Scenario, label: Given): Scenario => ({
  ...scenario,
  given: scenario.given.filter((row) => row.label !== label),
});

/** The mark at a place, if there is one. */
export const markAt = (scenario: Scenario, { label, index }: Place): Mark | undefined =>
  marksOf(scenario, label)[index];

const marksOf = ({ given }: Scenario, label: Given): readonly Mark[] =>
  given.find((row) => row.label === label)?.marks ?? [];

function withMarks(scenario: Scenario, place: Place, marks: readonly Mark[]): Edited {
  const given = scenario.given.map((row) => (row.label === place.label ? { ...row, marks } : row));
  return { scenario: { ...scenario, given }, place };
}

const beforeEnd = (marks: readonly Mark[]): number => marks.length - (isEnd(marks.at(-1)?.symbol ?? '') ? 1 : 0);

function boundsOf(others: readonly Mark[], symbol: string): readonly [least: number, most: number] {
  if (isEnd(symbol)) return [Math.max(0, ...others.map(({ frame }) => frame)), LAST_FRAME];
  return [0, others.find((other) => isEnd(other.symbol))?.frame ?? LAST_FRAME];
}

/** What the symbol of a kind stands for from now on. A scenario has one fault for two rows: the other one then has none. */
const meaning = (scenario: Scenario, label: Given, { fault, writeFault, progStatus }: Kind): Scenario => ({
  ...scenario,
  given:
    fault === undefined
      ? scenario.given
      : withoutFault(scenario.given, label === 'handshake' ? 'from peer' : 'handshake'),
  ...(fault !== undefined && { fault }),
  ...(writeFault !== undefined && { writeFault }),
  ...(progStatus !== undefined && { progStatus }),
});

const withoutFault = (given: Scenario['given'], label: Given): Scenario['given'] =>
  given.map((row) => (row.label === label ? { ...row, marks: row.marks.filter(({ symbol }) => symbol !== '#') } : row));

/** What happens at most once in a connection. */
const ONCE: ReadonlySet<Given> = new Set<Given>(['handshake', 'prog exit', 'prog stdin gone', 'hung up']);

/** From a mark to one that is added behind it. */
const DISTANCE = 2;

/** Ten days: with a `-K` that is as long, all that follows still has its place in a diagram file. */
export const LAST_FRAME = 864_000_000;
/** In a row. */
export const MOST_MARKS = 1000;
