import type { TimeAxis } from './layout.ts';
import { renderText } from './text.ts';
import type { Picture } from './picture.ts';

export interface SvgOptions {
  readonly time: TimeAxis;
  /** Begins the ids in the file: differs for each picture of a page. Default `picture`. */
  readonly id?: string;
}

/** Draws a picture as a self-contained SVG. */
export function renderSvg(picture: Picture, { time }: SvgOptions): string {
  const text = renderText([picture], { width: 100, colour: false, time });
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img"><text>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text></svg>\n`;
}
