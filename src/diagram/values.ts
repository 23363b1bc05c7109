import { FAULT_RULES } from '../../graph/closing-rules.ts';
import type { Entry, Found } from './mapping.ts';
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

/** A fault: its kind, and then what is told of it. */
export function fault(found: Found, key: string, otherwise: string): string {
  const value = text(found, key, otherwise);
  if (isFault(value)) return value;
  throw new Misread(lineOf(found, key), `unknown fault: ${value}`);
}

export const isFault = (text: string): boolean => Object.hasOwn(FAULT_RULES, faultKind(text));

/** The first word of a fault. */
export const faultKind = (text: string): string => text.split(' ', 1).join();

/** How prog ended: `code 127`, `signal 15`. */
export function progStatus(found: Found, otherwise: string): string {
  const value = text(found, 'progStatus', otherwise);
  if (isProgStatus(value)) return value;
  throw new Misread(lineOf(found, 'progStatus'), `neither code nor signal with a number: ${value}`);
}

export const isProgStatus = (text: string): boolean => /^(code|signal) \d{1,3}$/.test(text);

/** How many bytes letters stand for. */
export function bytes(entry: Entry | undefined): Readonly<Record<string, number>> {
  if (entry === undefined) return {};
  const { value, line } = entry;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Misread(line, 'bytes: no mapping');
  const sizes = Object.entries(value).map(([letter, size]: [string, unknown]): [string, number] => {
    if (!/^[a-z]$/.test(letter)) throw new Misread(line, `bytes: ${letter} is no letter from a to z`);
    if (!isWhole(size) || size < 1 || size > MOST_BYTES) {
      throw new Misread(line, `bytes: ${letter} is no whole number from 1 to ${String(MOST_BYTES)}`);
    }
    return [letter, size];
  });
  return Object.fromEntries(sizes);
}

/** A gibibyte: the player makes chunks of that size, whose memory nobody touches. */
export const MOST_BYTES = 1_073_741_824;
