import type { Named, Numeric, Option } from './table.ts';

/**
 * One option as it was given. `value` is there for those that take one, and is its text: plain decimal, in range, or a name that
 * is not empty.
 */
export interface Word {
  readonly option: Option;
  readonly value?: string;
}

export type Walk =
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'words'; readonly words: readonly Word[]; readonly rest: readonly string[] };

/**
 * Finds the part of argv that is options, as POSIX getopt does (XBD 12.2): letters can be bundled, a value can be glued on
 * or be the next word whatever it looks like, and all ends at the first word that is no option, or after `--`. What
 * follows is not looked at.
 *
 * Our own, because the parsers of this world read on past the first plain word and lose the order of `-S -s`: here, of
 * the words that set one field only the last is kept. Every value is checked, also that of a word overridden later.
 */
export const walk = (argv: readonly string[], table: readonly Option[]): Walk => {
  const last = new Map<string, Word>();
  let at = 0;
  for (; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === '--') return { kind: 'words', words: [...last.values()], rest: argv.slice(at + 1) };
    if (word === '--help') return { kind: 'help' };
    if (word === '--version') return { kind: 'version' };
    if (word === '-' || !word.startsWith('-')) break;
    const read = (word.startsWith('--') ? readLong : readBundle)(word, argv[at + 1], table);
    if (typeof read === 'string') return { kind: 'refused', reason: read };
    for (const each of read.words) last.set(each.option.field, each);
    if (read.tookNext) at += 1;
  }
  return { kind: 'words', words: [...last.values()], rest: argv.slice(at) };
};

/** Words, or the reason why there are none. */
type Read = { readonly words: readonly Word[]; readonly tookNext: boolean } | string;

const readLong = (word: string, next: string | undefined, table: readonly Option[]): Read => {
  const equals = word.indexOf('=');
  const name = equals === -1 ? word : word.slice(0, equals);
  const glued = equals === -1 ? undefined : word.slice(equals + 1);
  const option = table.find(({ long }) => `--${long}` === name);
  if (option === undefined) return `unknown option ${name}`;
  if ('argument' in option) return readValue(option, name, glued, next);
  return glued === undefined ? { words: [{ option }], tookNext: false } : `option ${name} takes no value`;
};

const readBundle = (bundle: string, next: string | undefined, table: readonly Option[]): Read => {
  const words: Word[] = [];
  const letters = Array.from(bundle.slice(1));
  for (const [index, letter] of letters.entries()) {
    const option = table.find((each) => each.letter === letter);
    if (option === undefined) return `unknown option -${letter}`;
    if ('argument' in option) {
      const rest = letters.slice(index + 1).join('');
      const read = readValue(option, `-${letter}`, rest === '' ? undefined : rest, next);
      return typeof read === 'string' ? read : { ...read, words: [...words, ...read.words] };
    }
    words.push({ option });
  }
  return { words, tookNext: false };
};

const readValue = (
  option: Numeric | Named,
  name: string,
  glued: string | undefined,
  next: string | undefined,
): Read => {
  const value = glued ?? next;
  if (value === undefined) return `option ${name} needs a ${'most' in option ? 'number' : 'file name'}`;
  const reason = 'most' in option ? numberRefused(option, value) : value === '' ? 'the file name is empty' : undefined;
  if (reason !== undefined) return `option ${name}: ${reason}`;
  return { words: [{ option, value }], tookNext: glued === undefined };
};

const numberRefused = ({ least = 0, most }: Numeric, value: string): string | undefined => {
  if (!/^[0-9]+$/.test(value)) return `not a number: ${value === '' ? 'nothing' : value}`;
  if (Number(value) < least) return `${value} is less than ${String(least)}`;
  return Number(value) > most ? `${value} is more than ${String(most)}` : undefined;
};
