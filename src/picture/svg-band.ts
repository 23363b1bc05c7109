import { endsRow, type Band } from './layout.ts';
import { tag, text, type Markup } from './markup.ts';
import type { PictureMark, PictureRow } from './picture.ts';
import { digits, tellTime, tidy } from './printable.ts';
import { drawMark, MARK_RADIUS, PITCH } from './shapes.ts';
import { ticks } from './ticks.ts';

/** A band and its place in a drawing; all in pixels. */
export interface BandPlace {
  readonly band: Band;
  readonly rows: readonly PictureRow[];
  /** Rows that have ended in earlier bands. */
  readonly ended: ReadonlySet<PictureRow>;
  /** Where labels begin, and where time begins. */
  readonly left: number;
  readonly start: number;
  readonly top: number;
}

/** Draws the rows of a band under each other, by groups; says how high that is. */
export function drawBand(place: BandPlace): { readonly markup: Markup; readonly height: number } {
  const { band, rows, left, start, top } = place;
  const groups = [...new Set(rows.map(({ group }) => group))];
  const lines = new Map<PictureRow, number>();
  const headings: Markup[] = [];
  let y = top + (band.silences.length > 0 ? HEADING : 0);
  for (const group of groups) {
    if (groups.length > 1) {
      y += HEADING;
      headings.push(tag('text', { class: 'group muted', x: left, y: y - 5 }, text(GROUPS[group])));
    }
    for (const row of rows) {
      if (row.group !== group) continue;
      lines.set(row, y + ROW / 2);
      y += ROW;
    }
  }
  const [first, last] = [top, y];
  const guides = band.moments.map(({ at }) => {
    const x = start + at + PITCH / 2;
    return tag('line', { class: 'guide', x1: x, x2: x, y1: first, y2: last });
  });
  // Over the lines, so that they are seen to be interrupted.
  const holes = band.silences.flatMap(({ at, columns, milliseconds }) => [
    tag('rect', { class: 'hole', x: start + at + 4, y: first, width: columns - 8, height: last - first, rx: 4 }),
    tag(
      'text',
      { class: 'time middle', x: start + at + columns / 2, y: first + HEADING - 5 },
      text(tellTime(milliseconds)),
    ),
  ]);
  const drawn = [...lines].map(([row, middle]) => drawRow(row, middle, place));
  const axis = band.scale === 0 ? [] : [drawAxis(band, start, last)];
  return {
    markup: tag('g', {}, ...guides, ...headings, ...drawn, ...holes, ...axis),
    height: last - top + (band.scale === 0 ? 0 : AXIS),
  };
}

function drawRow(row: PictureRow, y: number, { band, ended, left, start }: BandPlace): Markup {
  const label = tag('text', { x: left, y: y + 4.5 }, text(tidy(row.label)));
  const marks = band.moments.flatMap((moment) =>
    (moment.marks.get(row) ?? []).map((mark, i) => ({ mark, x: start + moment.at + (i + 0.5) * PITCH })),
  );
  const end = marks.find(({ mark }) => endsRow(row, mark))?.x ?? start + band.columns;
  const line = ended.has(row) ? [] : [tag('line', { class: 'line', x1: start, x2: end, y1: y, y2: y })];
  const bundles = band.moments.flatMap((moment) => {
    const count = moment.marks.get(row)?.length ?? 0;
    if (count < 2) return [];
    const size = { x: start + moment.at - 1, y: y - ROW / 2 + 1, width: count * PITCH + 2, height: ROW - 2 };
    return [tag('rect', { class: 'bundle', ...size, rx: ROW / 2 })];
  });
  const drawn = marks.map(({ mark, x }) => drawMark(mark, x, y, tellMark(row, mark)));
  return tag('g', {}, label, ...line, ...bundles, ...drawn);
}

const tellMark = ({ label }: PictureRow, { meaning, time }: PictureMark): string =>
  `${tidy(label)}: ${meaning}, at ${tellTime(time)}`;

function drawAxis({ from, columns, scale }: Band, start: number, y: number): Markup {
  const xOf = (time: number): number => start + PITCH / 2 + (time - from) * scale;
  const until = from + (columns - PITCH) / scale;
  const marks = ticks(from, until, columns / TICK).flatMap((time) => [
    tag('line', { class: 'line', x1: xOf(time), x2: xOf(time), y1: y + 4, y2: y + 10 }),
    tag('text', { class: 'time muted middle', x: xOf(time), y: y + 24 }, text(`${digits(time)} ms`)),
  ]);
  return tag('g', {}, tag('line', { class: 'line', x1: xOf(from), x2: xOf(until), y1: y + 4, y2: y + 4 }), ...marks);
}

const GROUPS: Readonly<Record<PictureRow['group'], string>> = {
  given: 'what happens',
  told: 'what s6-tlsd does about it',
  wire: 'on the wire',
  law: 'laws that decide',
};

const ROW = 2 * MARK_RADIUS + 8;
const HEADING = 22;
const AXIS = 30;
const TICK = 90;
