import { tag, text, type Markup } from './markup.ts';
import type { MarkKind, PictureMark } from './picture.ts';

/** Half the width and height of a mark, in pixels. */
export const MARK_RADIUS = 11;

/** From the middle of a mark to that of the next in the same row and moment. */
export const PITCH = 2 * MARK_RADIUS + 4;

/** A mark around a point: each kind has a shape of its own, so that none is known by its colour alone. `told` is its tooltip. */
export function drawMark({ kind, symbol }: PictureMark, x: number, y: number, told: string): Markup {
  const shape = SHAPES[kind](x, y, { class: kind });
  const title = tag('title', {}, text(told));
  if (kind === 'end') return tag('g', {}, title, shape);
  const letter = tag('text', { class: `mono symbol ${kind}-text`, x, y: y + BASELINE }, text(symbol));
  return tag('g', {}, title, shape, letter);
}

type Shape = (x: number, y: number, look: { readonly class: string }) => Markup;

const circle: Shape = (cx, cy, look) => tag('circle', { ...look, cx, cy, r: 10 });
const diamond: Shape = (x, y, look) => polygon(x, y, look, [0, -12.5, 12.5, 0, 0, 12.5, -12.5, 0]);
const octagon: Shape = (x, y, look) =>
  polygon(x, y, look, [-4.5, -11, 4.5, -11, 11, -4.5, 11, 4.5, 4.5, 11, -4.5, 11, -11, 4.5, -11, -4.5]);
const hexagon: Shape = (x, y, look) => polygon(x, y, look, [-11.5, 0, -6, -10, 6, -10, 11.5, 0, 6, 10, -6, 10]);
const bar: Shape = (x, y, look) => tag('rect', { ...look, x: x - 2, y: y - 12, width: 4, height: 24 });
const square: Shape = (x, y, look) => tag('rect', { ...look, x: x - 9.5, y: y - 9.5, width: 19, height: 19 });
const card: Shape = (x, y, look) => tag('rect', { ...look, x: x - 11, y: y - 8, width: 22, height: 16 });
const lozenge: Shape = (x, y, look) => tag('rect', { ...look, x: x - 8, y: y - 11, width: 16, height: 22, rx: 8 });
const tile: Shape = (x, y, look) => tag('rect', { ...look, x: x - 10, y: y - 10, width: 20, height: 20, rx: 5 });

const SHAPES: Readonly<Record<MarkKind, Shape>> = {
  data: circle,
  close_notify: diamond,
  end: bar,
  fault: octagon,
  timer: hexagon,
  exit: square,
  demand: lozenge,
  record: card,
  other: tile,
};

const polygon = (x: number, y: number, look: { readonly class: string }, points: readonly number[]): Markup =>
  tag('polygon', { ...look, points: points.map((offset, i) => (i % 2 === 0 ? x : y) + offset).join(' ') });

/** From the middle of a capital letter to its baseline, at the size of symbols. */
const BASELINE = 4.5;
