import { endsRow } from '../../picture/layout.ts';
import type { PictureRow } from '../../picture/picture.ts';
import type { BoardLayout } from './board-layout.ts';

/** The line on which marbles sit: up to the end, if the row has one. */
export function Line({ row, layout }: { readonly row: PictureRow; readonly layout: BoardLayout }) {
  const last = row.marks.length - 1;
  const ended = row.marks[last] !== undefined && endsRow(row, row.marks[last]);
  return <div class="line" style={{ width: ended ? `${layout.xOf(row, last)}px` : '100%' }} />;
}
