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

/** A row of text before its marbles are read; `column` is where they start. */
export interface RowText {
  readonly label: string;
  readonly marbles: string;
  readonly column: number;
}

/** Splits lines of `label, two spaces or more, marbles`. Throws when the marbles do not start in one column. */
export function readRowTexts(text: string): readonly RowText[] {
  const rows = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(readRowText);
  const columns = new Set(rows.map(({ column }) => column));
  if (columns.size > 1) throw new Error(`rows are not aligned on one column:\n${text}`);
  return rows;
}

function readRowText(line: string): RowText {
  const parts = /^(\s*)(\S.*\S|\S)( {2,})(\S.*?)\s*$/.exec(line);
  const [, indent = '', label, gap, marbles] = parts ?? [];
  if (label === undefined || gap === undefined || marbles === undefined) throw new Error(`no row: ${line}`);
  return { label, marbles, column: indent.length + label.length + gap.length };
}

/** Reads marbles strictly: every symbol must be one of `alphabet`. */
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
  const stranger = marks.find(({ symbol }) => !alphabet.test(symbol));
  if (stranger !== undefined) throw new Error(`${stranger.symbol} does not belong into this row: ${marbles}`);
  const end = marks.findIndex(({ symbol }) => symbol === '|' || symbol === '#');
  if (end !== -1 && end < marks.length - 1) throw new Error(`something after the end: ${marbles}`);
  return marks;
}

/** Draws rows under each other: the same frame is the same column in all of them. */
export function drawRows(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ label }) => label.length)) + 2;
  const lines = rows.map(({ label }) => label.padEnd(width));
  const frames = [...new Set(rows.flatMap(({ marks }) => marks.map(({ frame }) => frame)))].sort((a, b) => a - b);
  let now = 0;
  for (const frame of frames) {
    const ahead = frame - now;
    const silence = ahead > LONG ? ` ${String(ahead)}ms ` : undefined;
    rows.forEach((row, i) => {
      const over = endedBefore(row, now);
      const line = lines[i] ?? '';
      if (silence === undefined) lines[i] = line + (over ? ' ' : '-').repeat(ahead);
      else lines[i] = line + (over ? ' '.repeat(silence.length) : silence);
    });
    const tokens = rows.map((row) => tokenAt(row, frame));
    const broad = Math.max(1, ...tokens.map(({ length }) => length));
    rows.forEach((row, i) => {
      const fill = endedBefore(row, frame + 1) ? ' ' : '-';
      lines[i] = (lines[i] ?? '') + (tokens[i] || (endedBefore(row, frame) ? ' ' : '-')).padEnd(broad, fill);
    });
    // A group longer than the way to the next event stretches its frame: the columns stay aligned.
    now = Math.min(frame + broad, frames.find((other) => other > frame) ?? Infinity);
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}

const tokenAt = ({ marks }: Row, frame: number): string => {
  const symbols = marks.filter((mark) => mark.frame === frame).map(({ symbol }) => symbol);
  return symbols.length > 1 ? `(${symbols.join('')})` : symbols.join('');
};

const endedBefore = ({ marks }: Row, frame: number): boolean =>
  marks.some((mark) => mark.frame < frame && (mark.symbol === '|' || mark.symbol === '#' || mark.symbol === '!'));

const MARBLE = /^(?:( (\d+(?:\.\d+)?)(ms|s|m)(?= ))|( +)|(-)|\(([^()\s-]+)\)|([^()\s-]))/;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };
const LONG = 25;
