import { tag, text, type Markup } from './markup.ts';
import type { MarkKind, PictureMark } from './picture.ts';

/** Half the width and height of a mark, in pixels. */
export const MARK_RADIUS = 11;

/** From the middle of a mark to that of the next in the same row and moment. */
export const PITCH = 2 * MARK_RADIUS + 4;

/** An element of SVG, without what makes it text. */
export interface Shape {
  readonly name: 'circle' | 'rect' | 'polygon';
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** Each kind of mark has a shape of its own, so that none is known by its colour alone. */
export const shapeOf = (kind: MarkKind, x: number, y: number): Shape => SHAPES[kind](x, y);

/** From the middle of a mark to the baseline of its symbol. */
export const BASELINE = 4.5;

/** A mark around a point. `told` is its tooltip. */
export function drawMark({ kind, symbol }: PictureMark, x: number, y: number, told: string): Markup {
  const { name, attributes } = shapeOf(kind, x, y);
  const shape = tag(name, { class: kind, ...attributes });
  const title = tag('title', {}, text(told));
  if (kind === 'end') return tag('g', {}, title, shape);
  const letter = tag('text', { class: `mono symbol ${kind}-text`, x, y: y + BASELINE }, text(symbol));
  return tag('g', {}, title, shape, letter);
}

type Draw = (x: number, y: number) => Shape;

const polygon =
  (...points: readonly number[]): Draw =>
  (x, y) => ({
    name: 'polygon',
    attributes: { points: points.map((offset, i) => (i % 2 === 0 ? x : y) + offset).join(' ') },
  });
const rect =
  (width: number, height: number, rx = 0): Draw =>
  (x, y) => ({
    name: 'rect',
    attributes: { x: x - width / 2, y: y - height / 2, width, height, ...(rx > 0 && { rx }) },
  });

const circle: Draw = (cx, cy) => ({ name: 'circle', attributes: { cx, cy, r: 10 } });
const diamond = polygon(0, -12.5, 12.5, 0, 0, 12.5, -12.5, 0);
const octagon = polygon(-4.5, -11, 4.5, -11, 11, -4.5, 11, 4.5, 4.5, 11, -4.5, 11, -11, 4.5, -11, -4.5);
const hexagon = polygon(-11.5, 0, -6, -10, 6, -10, 11.5, 0, 6, 10, -6, 10);
const bar = rect(4, 24);
const square = rect(19, 19);
const card = rect(22, 16);
const lozenge = rect(16, 22, 8);
const tile = rect(20, 20, 5);

const SHAPES: Readonly<Record<MarkKind, Draw>> = {
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
