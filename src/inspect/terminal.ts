/** What is known of where text goes to: a terminal, or not. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Colour for those who see it: on a terminal, unless NO_COLOR is set (no-color.org: to anything but nothing). */
export function wantsColour({ isTTY }: Screen, { NO_COLOR = '', TERM }: NodeJS.ProcessEnv): boolean {
  return isTTY === true && NO_COLOR === '' && TERM !== 'dumb';
}

/** Columns: those of the terminal, and 80 where there is none. */
export const widthOf = ({ isTTY, columns }: Screen): number => (isTTY === true ? Math.max(columns ?? 80, LEAST) : 80);

const LEAST = 40;
