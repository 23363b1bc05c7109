import { VERSION } from '../options/help.ts';
import { COMMANDS, type Command, type CommandName, type Flag } from './commands.ts';

export const versionText = `marble-tls ${VERSION}\n`;

/** The usage of a command, on one line; of all commands when none is named. */
export function usage(name?: CommandName): string {
  if (name === undefined) return `marble-tls ${Object.keys(COMMANDS).join('|')} [ flags ] [ FILE... ]`;
  const { flags, operands }: Command = COMMANDS[name];
  return phrase(`marble-tls ${name}`, ...flags.map((flag) => `[ ${spelt(flag)} ]`), operands);
}

/** What `--help` shows. */
export const helpText = (name?: CommandName): string =>
  `${(name === undefined ? overview() : details(name)).join('\n')}\n`;

function overview(): readonly string[] {
  const commands: readonly (readonly [string, Command])[] = Object.entries(COMMANDS);
  return [
    'Shows how TLS connections ended: from traces (s6-tlsd --trace=FILE) and from diagrams.',
    '',
    'Usage',
    ...commands.map(([name, { operands, meaning }]) => entry(phrase('marble-tls', name, operands), meaning)),
    '',
    INPUT,
    EXIT_STATUS,
    '',
    'marble-tls COMMAND --help tells the flags of a command.',
  ];
}

function details(name: CommandName): readonly string[] {
  const { meaning, operands, flags }: Command = COMMANDS[name];
  return [
    `marble-tls ${name}: ${meaning}.`,
    '',
    'Usage',
    `  ${phrase('marble-tls', name, '[ flags ]', operands)}`,
    '',
    'Flags',
    ...flags.map((flag) => entry(spelt(flag), `${flag.meaning}${words(flag)}`)),
    '',
    INPUT,
    EXIT_STATUS,
  ];
}

const spelt = ({ name, letter, argument }: Flag): string =>
  `${letter === undefined ? '' : `-${letter}, `}--${name}${argument === undefined ? '' : ` ${argument}`}`;

const words = ({ words: known }: Flag): string =>
  known === undefined ? '' : `: ${known.join(', ')} (default ${known[0] ?? ''})`;

const entry = (what: string, meaning: string): string => `  ${what.padEnd(32)} ${meaning}`;

/** Those words that are not empty. */
const phrase = (...all: readonly string[]): string => all.filter((word) => word !== '').join(' ');

const INPUT = 'A file that is - is stdin. Whether it is a trace or a diagram is seen from what it holds.';
const EXIT_STATUS =
  'Exit status: 0 done; 1 the two differ (diff only); 2 trouble: usage, or a file or port that cannot be used.';
