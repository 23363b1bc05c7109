import type { PictureMark, PictureRow } from './picture.ts';
import { oneLine } from '../one-line.ts';
import { digits } from './printable.ts';

/** The rows of a picture as one line for those who do not see it: what happened in each of them, and when. */
export const describeRows = (rows: readonly PictureRow[]): string => oneLine(rows.map(describeRow).join(' '));

function describeRow({ label, marks }: PictureRow): string {
  const first = marks.slice(0, MOST).map(describeMark);
  const more = marks.length > MOST ? [`and ${String(marks.length - MOST)} more`] : [];
  return `${label}: ${marks.length === 0 ? 'nothing' : [...first, ...more].join(', ')}.`;
}

const describeMark = ({ meaning, time }: PictureMark): string => `${meaning.replace(/\.$/, '')} at ${digits(time)} ms`;

/** A listener has no use for more of them; the table of renderHtml has them all. */
const MOST = 20;
