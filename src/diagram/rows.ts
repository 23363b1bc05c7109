/**
 * Marble rows as people write them: read into events, and drawn from events, aligned on one column.
 * Frames are milliseconds; a long silence is written as in RxJS (` 5s `, ` 4990ms `); `(ab)` is one frame.
 */

/** What happened in one row, in order: the frame and the symbol. */
export interface Mark {
  readonly frame: number;
  readonly symbol: string;
}

export interface Row {
  readonly label: string;
  readonly marks: readonly Mark[];
}

/** A row of text before its marbles are read. */
export interface RowText {
  readonly label: string;
  readonly marbles: string;
  /** Where the marbles start. */
  readonly column: number;
  /** Where it stands in its text, from 1. */
  readonly line: number;
}

/** A text that does not say what it must; `line` counts from 1. */
export class Misread extends Error {
  override readonly name = 'Misread';
  readonly line: number;

  constructor(line: number, reason: string) {
    super(reason);
    this.line = line;
  }
}

/**
 * Splits lines of `label, two spaces or more, marbles`.
 *
 * @throws Misread for a line that is none, or whose marbles do not start in the column of the others.
 */
export function readRowTexts(text: string): readonly RowText[] {
  const rows = text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [readRowText(line, index + 1)]));
  const crooked = rows.find(({ column }) => column !== rows[0]?.column);
  if (crooked !== undefined) throw new Misread(crooked.line, `rows are not aligned on one column: ${crooked.label}`);
  return rows;
}

function readRowText(text: string, line: number): RowText {
  const parts = /^(\s*)(\S.*\S|\S)( {2,})(\S.*)$/.exec(text.trimEnd());
  const [, indent = '', label, gap, marbles] = parts ?? [];
  if (label === undefined || gap === undefined || marbles === undefined) throw new Misread(line, `no row: ${text}`);
  return { label, marbles, column: indent.length + label.length + gap.length, line };
}

/** Takes several diagrams that stand below each other apart: each begins where the label of the first row comes again. */
export function splitCases(rows: readonly RowText[]): readonly (readonly RowText[])[] {
  const cases: RowText[][] = [];
  for (const row of rows) {
    if (row.label === rows[0]?.label) cases.push([]);
    cases.at(-1)?.push(row);
  }
  return cases;
}

/** Reads marbles strictly: every symbol must be one of `alphabet`, and all must happen within {@link LAST_FRAME}. */
export function readMarks(marbles: string, alphabet: RegExp): readonly Mark[] {
  const marks: Mark[] = [];
  let frame = 0;
  let rest = ` ${marbles} `;
  while (rest !== '') {
    const [, silence, amount, unit, space, dash, group, single] = MARBLE.exec(rest) ?? [];
    if (silence !== undefined) frame += Number(amount) * (UNITS[unit ?? ''] ?? NaN);
    else if (dash !== undefined) frame += 1;
    else if (group !== undefined) {
      for (const symbol of group) marks.push({ frame, symbol });
      frame += group.length + 2;
    } else if (single !== undefined) {
      marks.push({ frame, symbol: single });
      frame += 1;
    } else if (space === undefined) throw new Error(`not marbles: ${marbles}`);
    rest = rest.slice((silence ?? space ?? dash ?? single ?? `(${group ?? ''})`).length);
  }
  if (frame > LAST_FRAME) throw new Error(`longer than ${String(LAST_FRAME)} ms: ${marbles}`);
  checkMarks(marks, alphabet, marbles);
  return marks;
}

/** Whether nothing can come after a symbol in its row. */
export const isEnd = (symbol: string): boolean => symbol === '|' || symbol === '#';

/**
 * Refuses marks that are no row: out of order, not of the alphabet, something after the end.
 *
 * @param row how the row is told in the message.
 * @throws Error
 */
export function checkMarks(marks: readonly Mark[], alphabet: RegExp, row: string): void {
  const stranger = marks.find(({ symbol }) => !alphabet.test(symbol));
  if (stranger !== undefined) throw new Error(`${stranger.symbol} does not belong into this row: ${row}`);
  if (marks.some(({ frame }, i) => frame < (marks[i - 1]?.frame ?? 0))) throw new Error(`time runs backwards: ${row}`);
  const end = marks.findIndex(({ symbol }) => isEnd(symbol));
  if (end !== -1 && end < marks.length - 1) throw new Error(`something after the end: ${row}`);
}

/** Draws rows under each other: the same frame is the same column in all of them. */
export function drawRows(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ label }) => label.length)) + 2;
  let lines = rows.map(({ label }) => label.padEnd(width));
  let [frame, column] = [-1, width - 1];
  for (const next of [...new Set(rows.flatMap(framesOf))].sort((a, b) => a - b)) {
    // A group reaches into the frames after its own.
    const reached = Math.max(column + 1, ...lines.map(({ length }) => length));
    const silence = next - frame - (reached - column);
    if (silence > LONG) {
      lines = rows.map(
        (row, i) => pad(row, lines[i], reached, next) + (endedBefore(row, next) ? '' : ` ${String(silence)}ms `),
      );
      column = Math.max(...lines.map(({ length }) => length));
    } else {
      // Only a group that its own row's next event would overlap stretches its frame, for all rows.
      const pushed = rows.map((row, i) => (tokenAt(row, next) === '' ? 0 : (lines[i]?.length ?? 0)));
      column = Math.max(column + next - frame, ...pushed);
    }
    lines = rows.map(
      (row, i) => pad(row, lines[i], column, next) + (tokenAt(row, next) || (endedBefore(row, next) ? '' : '-')),
    );
    frame = next;
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}

const framesOf = ({ marks }: Row): readonly number[] => marks.map(({ frame }) => frame);

/** Fills a row up to a column: with silence, or with nothing after its end. */
const pad = (row: Row, line = '', column: number, frame: number): string =>
  line.padEnd(column, endedBefore(row, frame) ? ' ' : '-');

const tokenAt = ({ marks }: Row, frame: number): string => {
  const symbols = marks.filter((mark) => mark.frame === frame).map(({ symbol }) => symbol);
  return symbols.length > 1 ? `(${symbols.join('')})` : symbols.join('');
};

/** Its last mark is an end, and earlier. Reading may begin again after a `!`. */
function endedBefore({ marks }: Row, frame: number): boolean {
  const last = marks.at(-1);
  return last !== undefined && last.frame < frame && ENDS.has(last.symbol);
}

const MARBLE = /^(?:( (\d+(?:\.\d+)?)(ms|s|m)(?= ))|( +)|(-)|\(([^()\s-]+)\)|([^()\s-]))/;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };
const ENDS: ReadonlySet<string> = new Set(['|', '#', '!']);
const LONG = 25;
/** Milliseconds: what a timer of Node takes. */
const LAST_FRAME = 2_147_483_647;
