import { endedIn, layOut, type Room, type TimeAxis } from './layout.ts';
import { tag, text, type Markup } from './markup.ts';
import type { Picture, PictureRow } from './picture.ts';
import { tellTime, tidy, wrapped } from './printable.ts';
import { PITCH } from './shapes.ts';
import { drawBand } from './svg-band.ts';
import { styleOf } from './theme.ts';

export interface SvgOptions {
  readonly time: TimeAxis;
  /** Begins the ids in the file: differs for each picture of a page. Default `picture`. */
  readonly id?: string;
}

/**
 * Draws a picture as a self-contained SVG: light or dark as the reader prefers, the meaning and the time of every mark in its
 * `<title>`, the description as the text alternative. A picture that is wider than a page is broken into several bands, each of
 * which says from when to when it reaches. No scripts, no references to anything outside; all text is escaped.
 */
export const renderSvg = (picture: Picture, options: SvgOptions): string => `${svg(picture, options)}\n`;

/** What a page around a picture does itself. */
export interface InPage {
  /** It says the title: that is not written in the picture again. */
  readonly titled?: boolean;
  /** It has {@link styleOf} among its styles. */
  readonly styled?: boolean;
}

/** The same as markup, to stand in a page. */
export function svg(
  { title, description, rows, caption }: Picture,
  { time, id = 'picture' }: SvgOptions,
  { titled = false, styled = false }: InPage = {},
): Markup {
  const labels = PAD + Math.max(0, ...rows.map(({ label }) => tidy(label).length)) * LABEL_CHARACTER + GAP;
  const bands = layOut(rows, time, roomFor(PAGE - labels - PAD));
  const drawn = Math.max(...bands.map(({ columns }) => columns));
  const width = Math.max(Math.ceil(labels + drawn + PAD), LEAST_WIDTH);

  const parts: Markup[] = [];
  let y = PAD;
  const write = (lines: readonly string[], look: string, height: number): void => {
    for (const line of lines) {
      y += height;
      parts.push(tag('text', { class: look, x: PAD, y: y - height * 0.3 }, text(line)));
    }
  };
  if (!titled) write(wrapped(title, (width - 2 * PAD) / TITLE_CHARACTER), 'title', 20);
  let ended: ReadonlySet<PictureRow> = new Set();
  for (const band of bands) {
    y += 8;
    if (bands.length > 1) write([`${tellTime(band.from)} to ${tellTime(band.until)}`], 'time muted', 18);
    const { markup, height } = drawBand({ band, rows, ended, left: PAD, start: labels, top: y });
    parts.push(markup);
    ended = new Set([...ended, ...endedIn(band)]);
    y += height;
  }
  y += 8;
  for (const line of caption) write(wrapped(line, (width - 2 * PAD) / CAPTION_CHARACTER), 'mono caption', 17);

  const [titleId, descriptionId, height] = [`${id}-title`, `${id}-description`, Math.ceil(y + PAD)];
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    class: 'mt',
    role: 'img',
    'aria-labelledby': `${titleId} ${descriptionId}`,
    viewBox: `0 0 ${String(width)} ${String(height)}`,
    width,
    height,
  };
  return tag(
    'svg',
    root,
    tag('title', { id: titleId }, text(title)),
    tag('desc', { id: descriptionId }, text(description)),
    ...(styled ? [] : [tag('style', {}, styleOf())]),
    tag('rect', { class: 'ground', width, height, rx: 6 }),
    ...parts,
  );
}

/** What marks need of the room that is there, in pixels. */
export const roomFor = (width: number): Room => ({
  columns: Math.max(width, LEAST_BAND),
  step: PITCH,
  marks: (count) => count * PITCH + (count > 1 ? 4 : 0),
  silence: () => SILENCE,
  alone: true,
});

/** All in pixels. Widths of characters are those of wide system fonts, so that nothing runs over in others. */
const PAGE = 800;
const LEAST_WIDTH = 440;
const LEAST_BAND = 240;
const PAD = 16;
const GAP = 18;
const SILENCE = 72;
const LABEL_CHARACTER = 7.8;
const TITLE_CHARACTER = 9.4;
const CAPTION_CHARACTER = 7.4;
