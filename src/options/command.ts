import meow from 'meow';
import { Death } from '../messages.ts';
import { helpText, VERSION } from './help.ts';
import type { Option, Program } from './table.ts';
import { walk } from './walk.ts';
import type { Word } from './walk.ts';

/** What is to be printed instead of being run. The text ends with a newline; where it goes is not decided here. */
export interface Told {
  readonly kind: 'help' | 'version';
  readonly text: string;
}

/** `words` are those after the options, as they were given. */
export interface Run<O> {
  readonly kind: 'run';
  readonly options: O;
  readonly words: readonly string[];
}

/**
 * Reads the options of a program, from the words after its own name; throws a {@link Death} with 100 where they say nothing
 * sensible.
 */
export const readCommand = <O extends object>(argv: readonly string[], program: Program<O>): Told | Run<O> => {
  const { name, options, defaults } = program;
  const walked = walk(argv, options);
  switch (walked.kind) {
    case 'help':
      return { kind: 'help', text: `${help(program)}\n` };
    case 'version':
      return { kind: 'version', text: `${name} ${VERSION}\n` };
    case 'refused':
      throw usageDeath(program, walked.reason);
    case 'words':
      return { kind: 'run', options: { ...defaults, ...typed<O>(walked.words) }, words: walked.rest };
  }
};

/** Wrong usage (100): the reason, and the right one. */
export const usageDeath = ({ usage }: { readonly usage: string }, reason: string): Death =>
  new Death('options', { reason: `${reason}; usage: ${usage}` });

/** The walk has checked every value. */
const typed = <O>(words: readonly Word[]): Partial<O> =>
  Object.fromEntries(words.map(({ option, value }) => [option.field, meant(option, value)])) as Partial<O>;

const meant = (option: Option, value: string | undefined): unknown => {
  if ('value' in option) return option.value;
  return 'most' in option ? Number(value) : value;
};

/**
 * meow lays out the help. All it likes to do of its own is off: it would print on fd 1, exit with 2, and search the disk for a
 * package.json. It looks at `importMeta` only for that search, so any address will do; the real one is gone in a CommonJS
 * bundle. It does not type the words of a connection: loading it takes as long as all the rest of our start (docs/performance.md).
 */
const help = (program: Program<unknown>): string =>
  meow(helpText(program), {
    importMeta: { url: 'file:///s6-tlsd' } as ImportMeta,
    pkg: { name: program.name, description: program.description, version: VERSION },
    argv: [],
    autoHelp: false,
    autoVersion: false,
  }).help.trim();
