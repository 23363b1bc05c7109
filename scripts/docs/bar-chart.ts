import { tag, text, type Markup } from '../../src/picture/markup.ts';
import { styleOf } from '../../src/picture/theme.ts';

export interface BarChart {
  readonly title: string;
  /** The text alternative. */
  readonly description: string;
  readonly panels: readonly Panel[];
  /** A line below. */
  readonly caption: string;
}

/** Rows of bars on one axis, which begins at 0. */
export interface Panel {
  readonly title: string;
  readonly rows: readonly BarRow[];
}

export interface BarRow {
  readonly label: string;
  /** One below the other. */
  readonly bars: readonly Bar[];
  /** Stands where there are no bars. */
  readonly instead?: string;
  /** Drawn in the colour that stands out. */
  readonly ours?: boolean;
}

export interface Bar {
  readonly value: number;
  /** The spread, drawn as a line. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Draws panels, two beside each other, as a self-contained SVG: light or dark as the reader prefers, as all our pictures. */
export function barChart({ title, description, panels, caption }: BarChart): string {
  const parts: Markup[] = [];
  let top = PAD + 28;
  for (let first = 0; first < panels.length; first += 2) {
    const pair = panels.slice(first, first + 2);
    parts.push(...pair.flatMap((panel, place) => drawPanel(panel, PAD + place * (PANEL + GAP), top)));
    top += Math.max(...pair.map(heightOf)) + GAP;
  }
  parts.push(tag('text', { class: 'caption muted', x: PAD, y: top }, text(caption)));
  const height = top + PAD;
  const width = 2 * PAD + 2 * PANEL + GAP;
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    class: 'mt',
    role: 'img',
    'aria-labelledby': 'performance-title performance-description',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
  };
  const svg = tag(
    'svg',
    root,
    tag('title', { id: 'performance-title' }, text(title)),
    tag('desc', { id: 'performance-description' }, text(description)),
    tag('style', {}, styleOf()),
    tag('rect', { class: 'ground', width, height, rx: 6 }),
    tag('text', { class: 'title', x: PAD, y: PAD + 14 }, text(title)),
    ...parts,
  );
  return `${svg}\n`;
}

function drawPanel({ title, rows }: Panel, left: number, top: number): readonly Markup[] {
  const most = Math.max(...rows.flatMap(({ bars }) => bars.map(({ value, to }) => Math.max(value, to))));
  const axis = left + LABELS;
  const parts: Markup[] = [tag('text', { class: 'caption muted', x: left, y: top + 12 }, text(title))];
  let y = top + HEAD;
  for (const { label, bars, instead, ours = false } of rows) {
    const baseline = y + (heightOfRow({ bars }) - ROW_GAP) / 2 + 3;
    const write = (x: number, look: string, words: string): number =>
      parts.push(tag('text', { class: `caption ${look}`, x, y: baseline }, text(words)));
    write(left, '', label);
    if (instead !== undefined) write(axis + 6, 'muted', instead);
    let end = axis;
    for (const [place, { value, from, to }] of bars.entries()) {
      const [bar, x] = [y + place * BAR, (measure: number): number => axis + (BARS * measure) / most];
      parts.push(
        tag('rect', { class: ours ? 'data' : 'demand', x: axis, y: bar, width: x(value) - axis, height: BAR - 3 }),
        tag('line', { class: 'line', x1: x(from), y1: bar + (BAR - 3) / 2, x2: x(to), y2: bar + (BAR - 3) / 2 }),
      );
      end = Math.max(end, x(value), x(to));
    }
    if (bars.length > 0) write(end + 6, '', bars.map(({ text: words }) => words).join(', '));
    y += heightOfRow({ bars });
  }
  parts.push(tag('line', { class: 'line', x1: axis, y1: top + HEAD - 4, x2: axis, y2: y }));
  return parts;
}

const heightOf = ({ rows }: Panel): number => HEAD + rows.reduce((sum, row) => sum + heightOfRow(row), 0);

const heightOfRow = ({ bars }: Pick<BarRow, 'bars'>): number => Math.max(bars.length, 1) * BAR + ROW_GAP;

/** All in pixels. */
const PAD = 16;
const GAP = 24;
const PANEL = 372;
const LABELS = 146;
const BARS = 150;
const HEAD = 26;
const BAR = 12;
const ROW_GAP = 7;
