import meow from 'meow';
import { COMMANDS, type Command, type CommandName, type Flag } from './commands.ts';
import { usage } from './help.ts';
import { Trouble } from './trouble.ts';

/** What is to be done. */
export type Request =
  | { readonly kind: 'help'; readonly command: CommandName | undefined }
  | { readonly kind: 'version' }
  | { readonly kind: 'run'; readonly command: CommandName; readonly files: readonly string[]; readonly flags: Flags };

/** Flags by name, checked: on or off, or the text behind them. */
export type Flags = ReadonlyMap<string, string | true>;

/**
 * Reads the words after the program's name.
 *
 * @throws Trouble with the usage for whatever is not in the table.
 */
export function readArguments([first, ...rest]: readonly string[]): Request {
  if (first === '--help') return { kind: 'help', command: undefined };
  if (first === '--version') return { kind: 'version' };
  if (first === undefined) throw new Trouble(`no command; usage: ${usage()}`);
  if (!isCommand(first)) throw new Trouble(`unknown command: ${first}; usage: ${usage()}`);
  const refused = (reason: string): Trouble => new Trouble(`${reason}; usage: ${usage(first)}`);
  const command: Command = COMMANDS[first];
  const { input, flags: found } = parsed(command, rest, refused);
  if (found.get('help') === true) return { kind: 'help', command: first };
  const flags = new Map<string, string | true>();
  for (const [name, value] of found) {
    const flag = command.flags.find((each) => each.name === name || each.letter === name);
    if (flag === undefined) throw refused(`unknown flag: ${name.length === 1 ? '-' : '--'}${name}`);
    flags.set(flag.name, checked(flag, value, refused));
  }
  if (input.length < command.least) throw refused('a file is missing');
  if (input.length > command.most) throw refused(`more than ${command.most} ${command.most === 1 ? 'file' : 'files'}`);
  if (input.filter((file) => file === '-').length > 1) throw refused('stdin can be read only once');
  return { kind: 'run', command: first, files: input, flags };
}

const isCommand = (word: string): word is CommandName => Object.hasOwn(COMMANDS, word);

/** A value as the table wants it. */
function checked({ name, argument, words }: Flag, value: unknown, refused: (reason: string) => Trouble): string | true {
  if (argument === undefined) {
    if (value === true) return true;
    throw refused(`--${name} takes no value`);
  }
  if (typeof value !== 'string' || value === '') throw refused(`--${name} needs one ${argument}`);
  if (words !== undefined && !words.includes(value))
    throw refused(`--${name} is none of ${words.join(', ')}: ${value}`);
  return value;
}

/**
 * meow finds flags and files. What it likes to do of its own is off (see src/options/parse.ts); numbers stay texts, because it
 * makes NaN of what is none.
 */
function parsed(command: Command, argv: readonly string[], refused: (reason: string) => Trouble) {
  const known = Object.fromEntries(
    command.flags.map(({ name, letter, argument }) => [
      name,
      {
        type: argument === undefined ? ('boolean' as const) : ('string' as const),
        ...(letter !== undefined && { shortFlag: letter }),
      },
    ]),
  );
  try {
    const { input, unnormalizedFlags } = meow('', {
      importMeta: { url: 'file:///marble-tls' } as ImportMeta,
      pkg: { name: 'marble-tls' },
      argv,
      autoHelp: false,
      autoVersion: false,
      booleanDefault: undefined,
      inferType: false,
      flags: known,
    });
    const flags: readonly (readonly [string, unknown])[] = Object.entries(unnormalizedFlags);
    return { input: input.map(String), flags: new Map(flags.filter(([, value]) => value !== undefined)) };
  } catch (error) {
    // A flag that is there twice.
    if (!(error instanceof Error)) throw error;
    throw refused(error.message);
  }
}
