/** How each part of the output looks; the text itself is never changed. */
export interface Paint {
  readonly title: (text: string) => string;
  /** For marbles only: labels end where two spaces begin. */
  readonly rows: (text: string) => string;
}

/** Colour for those who see it: on a terminal, unless NO_COLOR is set (no-color.org: to anything but nothing). */
export const paintFor = (output: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): Paint => {
  const { NO_COLOR = '', TERM } = environment;
  const plain = output.isTTY !== true || NO_COLOR !== '' || TERM === 'dumb';
  return plain ? PLAIN : COLOURED;
};

const same = (text: string): string => text;
const wrap =
  (code: number) =>
  (text: string): string =>
    `\x1b[${String(code)}m${text}\x1b[0m`;

const [bold, dim, red, green, blue] = [1, 2, 31, 32, 34].map(wrap) as [Colour, Colour, Colour, Colour, Colour];
type Colour = (text: string) => string;

function tint(marble: string): string {
  if (marble.startsWith('-')) return dim(marble);
  if (marble === 'N') return green(marble);
  return marble === 'T' || marble === '#' ? red(marble) : blue(marble);
}

const PLAIN: Paint = { title: same, rows: same };
const COLOURED: Paint = {
  title: bold,
  rows: (text) =>
    text.replaceAll(
      /^( *\S.*? {2,})(.*)$/gm,
      (_, label: string, marbles: string) => label + marbles.replaceAll(/-+|[A-Za-z#]/g, tint),
    ),
};
