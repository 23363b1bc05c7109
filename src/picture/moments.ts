import type { PictureMark, PictureRow } from './picture.ts';

/** What happened in one moment, and in which rows. */
export interface Moment {
  /** That of its first mark. */
  readonly time: number;
  readonly step: number;
  readonly marks: ReadonlyMap<PictureRow, readonly PictureMark[]>;
}

/** The moments of all rows, in their order. */
export function momentsOf(rows: readonly PictureRow[]): readonly Moment[] {
  const moments = new Map<number, { time: number; step: number; marks: Map<PictureRow, PictureMark[]> }>();
  for (const row of rows) {
    for (const mark of row.marks) {
      const moment = moments.get(mark.step) ?? {
        time: mark.time,
        step: mark.step,
        marks: new Map<PictureRow, PictureMark[]>(),
      };
      moments.set(mark.step, moment);
      const own = moment.marks.get(row) ?? [];
      moment.marks.set(row, own);
      own.push(mark);
    }
  }
  return [...moments.values()].sort((a, b) => a.step - b.step);
}

/** A moment as several, when it has more marks in one row than fit side by side. */
export function cutInto(moment: Moment, fits: (count: number) => boolean): readonly Moment[] {
  const all = [...moment.marks];
  const most = Math.max(...all.map(([, own]) => own.length));
  let fitting = most;
  while (fitting > 1 && !fits(fitting)) fitting -= 1;
  return Array.from({ length: Math.ceil(most / fitting) }, (_, i) => {
    const parts = all.map(([row, own]) => [row, own.slice(i * fitting, (i + 1) * fitting)] as const);
    return { ...moment, marks: new Map(parts.filter(([, own]) => own.length > 0)) };
  });
}
