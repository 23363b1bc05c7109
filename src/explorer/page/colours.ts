import { DARK, LIGHT, styleOf, type Theme } from '../../picture/theme.ts';

/** The colours of the pictures, for the page around the marbles, too; the build puts it before style.css. */
export const colours = (): string =>
  `:root{${variables(LIGHT)}}@media screen and (prefers-color-scheme:dark){:root{${variables(DARK)}}}${styleOf()}`;

const variables = ({ ground, text, muted, line, guide, marks }: Theme): string =>
  Object.entries({
    ground,
    text,
    muted,
    line,
    guide,
    raised: marks.other.fill,
    accent: marks.data.stroke,
    fault: marks.fault.fill,
    good: marks.close_notify.fill,
  })
    .map(([name, value]) => `--${name}:${value};`)
    .join('');
