import { layOut, type PlacedMoment, type Silence } from '../../picture/layout.ts';
import type { PictureRow } from '../../picture/picture.ts';
import { PITCH } from '../../picture/shapes.ts';
import { roomFor } from '../../picture/svg.ts';

/** Where everything stands on the board, in pixels from the left: one column for all rows, so that what is below each other happens at once. */
export interface BoardLayout {
  readonly moments: readonly PlacedMoment[];
  readonly silences: readonly Silence[];
  readonly width: number;
  /** The middle of a mark, by its place among the marks of its row. */
  readonly xOf: (row: PictureRow, index: number) => number;
}

export function boardLayout(rows: readonly PictureRow[]): BoardLayout {
  const [band] = layOut(rows, 'event', ROOM);
  const { moments = [], silences = [], columns = 0 } = band ?? {};
  const places = new Map<PictureRow, number[]>();
  for (const { at, marks } of moments) {
    for (const [row, own] of marks) {
      const xs = places.get(row) ?? [];
      places.set(row, xs);
      for (let i = 0; i < own.length; i += 1) xs.push(at + (i + 0.5) * PITCH);
    }
  }
  return {
    moments,
    silences,
    width: Math.max(columns + REST, LEAST_WIDTH),
    xOf: (row, index) => places.get(row)?.[index] ?? 0,
  };
}

/** The frame at a place of the board: between two moments as they are apart on it, so that a silence is crossed quickly. */
export function frameAt({ moments }: BoardLayout, x: number): number {
  const left = x - PITCH / 2;
  const next = moments.findIndex(({ at }) => at > left);
  const [before, after] =
    next === -1 ? [moments.at(-1), undefined] : [moments[next - 1] ?? { at: 0, time: 0 }, moments[next]];
  if (before === undefined) return left / PITCH;
  if (after === undefined) return before.time + (left - before.at) / PITCH;
  return before.time + ((left - before.at) * (after.time - before.time)) / (after.at - before.at);
}

/** A single band: the board scrolls. */
const ROOM = roomFor(Infinity);

/** Room behind the last mark, to drag something there. */
const REST = 4 * PITCH;
const LEAST_WIDTH = 16 * PITCH;
