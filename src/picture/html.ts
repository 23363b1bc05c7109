import type { TimeAxis } from './layout.ts';
import type { Picture } from './picture.ts';
import { renderSvg } from './svg.ts';

export interface HtmlOptions {
  readonly time: TimeAxis;
  /** Of the page. */
  readonly title: string;
}

/** Draws pictures as one self-contained page. */
export const renderHtml = (pictures: readonly Picture[], { time }: HtmlOptions): string =>
  pictures.map((picture, i) => renderSvg(picture, { time, id: `picture-${String(i + 1)}` })).join('\n');
