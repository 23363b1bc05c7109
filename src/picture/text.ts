import { endedIn, endsRow, layOut, type Band, type TimeAxis } from './layout.ts';
import type { MarkKind, Picture, PictureMark, PictureRow } from './picture.ts';
import { oneLine } from '../one-line.ts';
import { digits, tellTime, wrapped } from './printable.ts';
import { ticks } from './ticks.ts';

export interface TextOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** ANSI colours; without them nothing is missing. */
  readonly colour: boolean;
  readonly time: TimeAxis;
}

/**
 * Draws pictures as rows of characters, one picture below the other. One that is wider than `width` is broken into blocks, each of
 * which says from when to when it reaches; nothing is cut off. Wider than `width` is only what cannot be broken: a label and a
 * few columns. Control characters in titles, labels and captions are written `\xHH`.
 */
export const renderText = (pictures: readonly Picture[], options: TextOptions): string =>
  pictures.map((picture) => `${renderOne(picture, options)}\n`).join('\n');

function renderOne({ title, rows, caption }: Picture, { width, colour, time }: TextOptions): string {
  const paint = colour ? ANSI : PLAIN;
  const labels = Math.max(0, ...rows.map(({ label }) => oneLine(label).length), time === 'scale' ? UNIT.length : 0) + 2;
  const bands = layOut(rows, time, {
    columns: Math.max(width - labels, LEAST_COLUMNS),
    step: 1,
    marks: (count) => (count > 1 ? count + 2 : 1),
    silence: (milliseconds) => tellSilence(milliseconds).length,
    alone: false,
  });
  const ended = new Set<PictureRow>();
  const blocks = bands.map((band) => {
    const lines = rows.flatMap((row, r) => [
      ...(r > 0 && row.group !== rows[r - 1]?.group ? [''] : []),
      drawRow(row, band, labels, paint, ended.has(row)),
    ]);
    for (const row of endedIn(band)) ended.add(row);
    const heading = bands.length > 1 ? [`${tellTime(band.from)} to ${tellTime(band.until)}`] : [];
    return [...heading, ...lines, ...(time === 'scale' ? [drawAxis(band, labels, width)] : [])].join('\n');
  });
  const titles = wrapped(title, width).map((line) => paint('title', line));
  const captions = caption.flatMap((line) => wrapped(line, width));
  return [titles.join('\n'), ...blocks, captions.join('\n')].filter((part) => part !== '').join('\n\n');
}

/** Puts down what happens in a row at its columns, with silence in between and nothing after its end. */
function drawRow(row: PictureRow, band: Band, labels: number, paint: Paint, endedBefore: boolean): string {
  let ended = endedBefore;
  let line = oneLine(row.label).padEnd(labels);
  let column = 0;
  const fillTo = (at: number): void => {
    const gap = (ended ? ' ' : '-').repeat(Math.max(at - column, 0));
    line += ended ? gap : paint('silence', gap);
    column = Math.max(column, at);
  };
  const silences = band.silences.map(({ at, milliseconds }) => ({ at, text: tellSilence(milliseconds) }));
  for (const item of [...silences, ...band.moments].sort((a, b) => a.at - b.at)) {
    if ('text' in item) {
      fillTo(item.at);
      line += ended ? ' '.repeat(item.text.length) : item.text;
      column += item.text.length;
      continue;
    }
    const marks = item.marks.get(row) ?? [];
    if (marks.length === 0) continue;
    fillTo(item.at);
    const symbols = marks.map(({ kind, symbol }) => paint(kind, oneLine(symbol))).join('');
    line += marks.length > 1 ? `(${symbols})` : symbols;
    column += marks.length > 1 ? marks.length + 2 : 1;
    ended = ended || marks.some((mark: PictureMark) => endsRow(row, mark));
  }
  fillTo((band.moments.at(-1)?.at ?? -1) + 1);
  return line.trimEnd();
}

/** The axis: each time stands behind a `+` in its column, unless it reaches into the one before or over the edge. */
function drawAxis({ from, until, columns, scale }: Band, labels: number, width: number): string {
  let line = UNIT.padEnd(labels);
  for (const time of ticks(from, until, Math.max(columns / TICK_COLUMNS, 2))) {
    const at = labels + Math.round((time - from) * scale);
    const longer = `${line.padEnd(at)}+${digits(time)}`;
    if (at >= line.length && longer.length <= width) line = longer;
  }
  return line;
}

const tellSilence = (milliseconds: number): string => ` ${String(Math.round(milliseconds))}ms `;

type Paint = (what: MarkKind | 'title' | 'silence', text: string) => string;

const PLAIN: Paint = (_, text) => text;
const ANSI: Paint = (what, text) => (text === '' ? '' : `\x1b[${SGR[what]}m${text}\x1b[0m`);

/** Select Graphic Rendition (ECMA-48 §8.3.117). Data keeps the terminal's own colour; yellow and white are not seen on white. */
const SGR: Readonly<Record<Parameters<Paint>[0], string>> = {
  title: '1',
  silence: '2',
  data: '0',
  close_notify: '1;32',
  end: '1',
  fault: '1;31',
  timer: '1;35',
  exit: '1',
  demand: '36',
  record: '36',
  other: '0',
};

const UNIT = 'ms';
const TICK_COLUMNS = 12;
const LEAST_COLUMNS = 8;
