import meow from 'meow';
import { Death } from '../messages.ts';
import { DESCRIPTION, USAGE, VERSION, helpText } from './help.ts';
import { DEFAULTS, OPTIONS } from './options.ts';
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
      return { kind: 'help', text: `${ask([]).help.trim()}\n` };
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

/** Without options there is nothing to type, and the first byte to the peer need not wait some milliseconds for meow. */
const typed = (words: readonly Word[]): Options => {
  const names = words.filter(takesName);
  const others = words.filter((word) => !takesName(word));
  const options = others.length === 0 ? DEFAULTS : validated(ask(others.map(longForm)).flags);
  return {
    ...options,
    ...(Object.fromEntries(names.map(({ option, value }) => [option.field, value])) as Partial<Options>),
  };
};

/** Names are texts already, and meow would take quotes off them. */
const takesName = ({ option }: Word): boolean => 'argument' in option && !('most' in option);

const longForm = ({ option, value }: Word): string => `--${option.long}${value === undefined ? '' : `=${value}`}`;

/**
 * meow types the words that the walk found, and lays out the help. All it likes to do of its own is off: it would print
 * on fd 1, exit with 2, and search the disk for a package.json. It looks at `importMeta` only for that search, so any
 * address will do; the real one is gone in a CommonJS bundle. It also makes `pkg.name` the title of the process.
 */
const ask = (argv: readonly string[]) =>
  meow(helpText(), {
    importMeta: { url: 'file:///s6-tlsd' } as ImportMeta,
    pkg: { name: 's6-tlsd', description: DESCRIPTION, version: VERSION },
    argv,
    autoHelp: false,
    autoVersion: false,
    booleanDefault: undefined,
    flags: Object.fromEntries(OPTIONS.map((option) => [flagName(option), { type: flagType(option) }])),
  });

/** Lets nothing through but what the table allows, whatever meow made of it. */
const validated = (flags: Readonly<Record<string, unknown>>): Options => {
  const given = OPTIONS.flatMap((option): readonly (readonly [string, unknown])[] => {
    const flag = flags[flagName(option)];
    if (flag === undefined) return [];
    if ('value' in option && flag === true) return [[option.field, option.value]];
    if ('most' in option && typeof flag === 'number' && flag >= 0 && flag <= option.most) return [[option.field, flag]];
    throw refusal(`option --${option.long} makes no sense as ${JSON.stringify(flag)}`);
  });
  return { ...DEFAULTS, ...(Object.fromEntries(given) as Partial<Options>) };
};

const flagName = ({ long }: Option): string => long.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

const flagType = (option: Option): 'boolean' | 'number' => ('value' in option ? 'boolean' : 'number');
