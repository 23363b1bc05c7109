import { css, type Markup } from './markup.ts';
import type { MarkKind } from './picture.ts';

/** The colours of a picture. Text stands on `ground` or on the `fill` of its mark, at a contrast of 4.5:1 or more (WCAG 2.2, 1.4.3). */
export interface Theme {
  readonly ground: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly guide: string;
  readonly marks: Readonly<Record<MarkKind, MarkColours>>;
}

interface MarkColours {
  readonly fill: string;
  readonly stroke: string;
  readonly text: string;
}

const LIGHT_PLAIN: MarkColours = { fill: '#f6f8fa', stroke: '#59636e', text: '#1f2328' };
const LIGHT_INK: MarkColours = { fill: '#1f2328', stroke: '#1f2328', text: '#ffffff' };
const DARK_PLAIN: MarkColours = { fill: '#21262d', stroke: '#9198a1', text: '#e6edf3' };
const DARK_INK: MarkColours = { fill: '#e6edf3', stroke: '#e6edf3', text: '#0d1117' };

export const LIGHT: Theme = {
  ground: '#ffffff',
  text: '#1f2328',
  muted: '#59636e',
  line: '#818b98',
  guide: '#e1e6eb',
  marks: {
    data: { fill: '#ddf4ff', stroke: '#0969da', text: '#0a3069' },
    close_notify: { fill: '#1a7f37', stroke: '#1a7f37', text: '#ffffff' },
    end: LIGHT_INK,
    fault: { fill: '#cf222e', stroke: '#cf222e', text: '#ffffff' },
    timer: { fill: '#fbefff', stroke: '#8250df', text: '#512a97' },
    exit: LIGHT_INK,
    demand: LIGHT_PLAIN,
    record: { fill: '#fff8c5', stroke: '#9a6700', text: '#4d2d00' },
    other: LIGHT_PLAIN,
  },
};

export const DARK: Theme = {
  ground: '#0d1117',
  text: '#e6edf3',
  muted: '#9198a1',
  line: '#6e7681',
  guide: '#252c35',
  marks: {
    data: { fill: '#0c2d6b', stroke: '#58a6ff', text: '#cae8ff' },
    close_notify: { fill: '#3fb950', stroke: '#3fb950', text: '#04260f' },
    end: DARK_INK,
    fault: { fill: '#ff7b72', stroke: '#ff7b72', text: '#2d0709' },
    timer: { fill: '#271052', stroke: '#bc8cff', text: '#eddeff' },
    exit: DARK_INK,
    demand: DARK_PLAIN,
    record: { fill: '#341a00', stroke: '#d29922', text: '#f8e3a1' },
    other: DARK_PLAIN,
  },
};

/** The style of a picture: light, and dark where the reader has asked for it and the picture is on a screen. */
export const styleOf = (): Markup =>
  css(
    `.mt{font-family:system-ui,sans-serif;font-size:13px}.mt .mono{font-family:ui-monospace,Menlo,Consolas,monospace}` +
      `.mt .title{font-size:15px;font-weight:600}.mt .caption,.mt .time{font-size:12px}.mt .group{font-size:11px}` +
      `.mt .symbol{font-size:13px;font-weight:600;text-anchor:middle}.mt .middle{text-anchor:middle}.mt .line{stroke-width:1.5}` +
      `.mt .gap{stroke-dasharray:2 4}.mt .bundle{fill:none}${rules(LIGHT)}@media screen and (prefers-color-scheme:dark){${rules(DARK)}}`,
  );

function rules({ ground, text, muted, line, guide, marks }: Theme): string {
  const kinds = Object.entries(marks).map(
    ([kind, colours]) =>
      `.mt .${kind}{fill:${colours.fill};stroke:${colours.stroke}}.mt .${kind}-text{fill:${colours.text}}`,
  );
  return (
    `.mt .ground{fill:${ground}}.mt text{fill:${text}}.mt .muted{fill:${muted}}.mt .line,.mt .bundle{stroke:${line}}` +
    `.mt .guide{stroke:${guide}}.mt .hole{fill:${guide}}${kinds.join('')}`
  );
}
