import { oneLine } from '../one-line.ts';

/** A text that others have chosen, as one line ({@link oneLine}) of at most so many characters: what is longer ends in `…`. */
export function shortLine(text: string, most: number): string {
  // A character is at most two units, so that enough of them are left; one that is cut in half is not.
  const characters = Array.from(oneLine(text.slice(0, 2 * most + 2)));
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`;
}
