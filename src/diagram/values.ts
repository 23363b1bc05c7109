import type { Found } from './mapping.ts';
import { Misread } from './rows.ts';

/** The line of a key; that of a key that is missing is the first. */
export const lineOf = (found: Found, key: string): number => found.get(key)?.line ?? 1;

/** A text with something in it. */
export function text(found: Found, key: string, otherwise?: string): string {
  const value = found.get(key)?.value ?? otherwise;
  if (typeof value !== 'string' || value.trim() === '')
    throw new Misread(lineOf(found, key), `missing or no text: ${key}`);
  return key === 'given' || key === 'expected' ? value : value.trim();
}

/** A whole number from 0. */
export function whole(found: Found, key: string, otherwise?: number): number {
  const value = found.get(key)?.value ?? otherwise;
  if (!isWhole(value)) throw new Misread(lineOf(found, key), `no whole number: ${key}`);
  return value;
}

export const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** One of a few words. */
export function oneOf<Word extends string>(words: readonly Word[], value: string, line: number): Word {
  const word = words.find((known) => known === value);
  if (word === undefined) throw new Misread(line, `${value} is none of ${words.join(', ')}`);
  return word;
}
