import type { TimeAxis } from './layout.ts';
import { css, tag, text, type Markup } from './markup.ts';
import type { Picture } from './picture.ts';
import { digits, tidy } from './printable.ts';
import { svg } from './svg.ts';
import { DARK, LIGHT, type Theme } from './theme.ts';

export interface HtmlOptions {
  readonly time: TimeAxis;
  /** Of the page. */
  readonly title: string;
}

/**
 * Draws pictures as one self-contained page of HTML: each as an inline SVG and, for those who do not see it, as a table of what
 * happened when. Light or dark as the reader prefers, light on paper. The page may do nothing: its Content-Security-Policy
 * allows its own style and forbids all else, scripts and requests included.
 */
export function renderHtml(pictures: readonly Picture[], { time, title }: HtmlOptions): string {
  const meta = [
    tag('meta', { charset: 'utf-8' }),
    tag('meta', { 'http-equiv': 'Content-Security-Policy', content: "default-src 'none'; style-src 'unsafe-inline'" }),
    tag('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    tag('meta', { name: 'color-scheme', content: 'light dark' }),
  ];
  const head = tag('head', {}, ...meta, tag('title', {}, text(title)), tag('style', {}, css(STYLE)));
  const sections = pictures.map((picture, i) => section(picture, time, `picture-${String(i + 1)}`, title));
  const body = tag('body', {}, tag('main', {}, tag('h1', { id: PAGE_TITLE }, text(title)), ...sections));
  return `<!doctype html>\n${tag('html', { lang: 'en' }, head, body)}\n`;
}

/** A picture that is all of a page has the page's title, once. */
function section(picture: Picture, time: TimeAxis, id: string, pageTitle: string): Markup {
  const titled = picture.title === pageTitle;
  const heading = titled ? PAGE_TITLE : `${id}-heading`;
  return tag(
    'section',
    { 'aria-labelledby': heading },
    ...(titled ? [] : [tag('h2', { id: heading }, text(picture.title))]),
    tag(
      'div',
      { class: 'picture', tabindex: 0, role: 'group', 'aria-labelledby': heading },
      svg(picture, { time, id }, { titled: true }),
    ),
    tag('details', {}, tag('summary', {}, text('The same as a table')), table(picture)),
  );
}

/** All marks of a picture in the order of time; those of one moment in the order of the rows. */
function table({ rows, caption }: Picture): Markup {
  const marks = rows
    .flatMap(({ label, marks: own }) => own.map((mark) => ({ ...mark, label: tidy(label) })))
    .sort((a, b) => a.step - b.step);
  const line = ({ time, label, meaning }: (typeof marks)[number]): Markup =>
    tag('tr', {}, tag('td', {}, text(digits(time))), tag('td', {}, text(label)), tag('td', {}, text(meaning)));
  const heads = ['ms', 'stream', 'what'].map((name) => tag('th', { scope: 'col' }, text(name)));
  return tag(
    'table',
    {},
    tag('caption', {}, text(caption.join('; '))),
    tag('thead', {}, tag('tr', {}, ...heads)),
    tag('tbody', {}, ...marks.map(line)),
  );
}

const PAGE_TITLE = 'title';

const page = ({ ground, text: ink, muted, guide }: Theme): string =>
  `body{background:${ground};color:${ink}}caption{color:${muted}}.picture,th,td{border-color:${guide}}`;

const STYLE =
  'body{margin:0;font:16px/1.5 system-ui,sans-serif}main{max-width:56rem;margin:0 auto;padding:1rem}h1{font-size:1.5rem}' +
  'h2{font-size:1.1rem;margin-top:2rem}.picture{overflow-x:auto;border:1px solid;border-radius:6px}.picture svg{display:block;max-width:100%;min-width:24rem;height:auto}' +
  'details{margin:.5rem 0}table{border-collapse:collapse;font-size:.875rem}caption{text-align:left;padding:.25rem 0}' +
  'th,td{text-align:left;vertical-align:top;padding:.125rem .75rem .125rem 0;border-bottom:1px solid}' +
  'td:first-child,th:first-child{text-align:right;font-variant-numeric:tabular-nums}section{break-inside:avoid}' +
  `${page(LIGHT)}@media screen and (prefers-color-scheme:dark){${page(DARK)}}@media print{.picture{overflow:visible}}`;
