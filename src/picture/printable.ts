import { oneLine } from '../one-line.ts';

/** A time as people read it, with no more digits than are worth reading: `41 ms`, `0.412 ms`. */
export const tellTime = (milliseconds: number): string => `${digits(milliseconds)} ms`;

/** The number of a time in milliseconds: to the microsecond below 100, above that to a tenth. */
export const digits = (milliseconds: number): string =>
  String(Number(milliseconds.toFixed(Math.abs(milliseconds) < 100 ? 3 : 1)));

/** A label with single spaces: marble rows use more of them to align. */
export const tidy = (label: string): string => label.trim().replaceAll(/\s+/g, ' ');

/** Breaks a text between words into lines of at most `columns` characters; a longer word is broken inside. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines = [''];
  for (const word of oneLine(text).split(' ')) {
    const line = lines.at(-1) ?? '';
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= columns) lines[lines.length - 1] = longer;
    else lines.push(...broken(word, Math.max(Math.floor(columns), 1)));
  }
  return lines.filter((line) => line !== '');
}

const broken = (word: string, columns: number): readonly string[] =>
  Array.from({ length: Math.ceil(word.length / columns) }, (_, i) => word.slice(i * columns, (i + 1) * columns));
