import meow from 'meow';
import { Death } from '../messages.ts';
import { DESCRIPTION, USAGE, VERSION, helpText } from './help.ts';
import { DEFAULTS } from './options.ts';
import type { Option, Options } from './options.ts';
import { walk } from './walk.ts';
import type { Word } from './walk.ts';

export type Command =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version'; readonly text: string }
  | { readonly kind: 'run'; readonly options: Options; readonly prog: readonly [string, ...string[]] };

/**
 * Turns the words after the program's own name into what to do; throws a {@link Death} with 100 where they say nothing
 * sensible. The texts end with a newline; where they go is not decided here: fd 1 is the network.
 */
export const parseOptions = (argv: readonly string[]): Command => {
  const walked = walk(argv);
  switch (walked.kind) {
    case 'help':
      return { kind: 'help', text: `${help()}\n` };
    case 'version':
      return { kind: 'version', text: `s6-tlsd ${VERSION}\n` };
    case 'refused':
      throw refusal(walked.reason);
    case 'words': {
      const [file, ...args] = walked.prog;
      if (file === undefined) throw refusal('no program to run');
      return { kind: 'run', options: typed(walked.words), prog: [file, ...args] };
    }
  }
};

const refusal = (reason: string): Death => new Death('options', { reason: `${reason}; usage: ${USAGE}` });

/** The walk has checked every value. */
const typed = (words: readonly Word[]): Options => ({
  ...DEFAULTS,
  ...(Object.fromEntries(words.map(({ option, value }) => [option.field, meant(option, value)])) as Partial<Options>),
});

const meant = (option: Option, value: string | undefined): unknown => {
  if ('value' in option) return option.value;
  return 'most' in option ? Number(value) : value;
};

/**
 * meow lays out the help. All it likes to do of its own is off: it would print on fd 1, exit with 2, and search the disk for a
 * package.json. It looks at `importMeta` only for that search, so any address will do; the real one is gone in a CommonJS
 * bundle. It does not type the words of a connection: loading it takes as long as all the rest of our start (docs/performance.md).
 */
const help = (): string =>
  meow(helpText(), {
    importMeta: { url: 'file:///s6-tlsd' } as ImportMeta,
    pkg: { name: 's6-tlsd', description: DESCRIPTION, version: VERSION },
    argv: [],
    autoHelp: false,
    autoVersion: false,
  }).help.trim();
