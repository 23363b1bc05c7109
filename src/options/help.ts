import type { Option, Program } from './table.ts';

/** What `--help` shows below the description. */
export const helpText = ({ usage, options, environment }: Program<unknown>): string =>
  [
    'Usage',
    `  ${usage}`,
    '',
    'Options',
    ...options.map(optionLine),
    helpLine('    --help', 'this text'),
    helpLine('    --version', 'the version'),
    '',
    'Environment',
    ...environment.map(([names, meaning]) => helpLine(names, meaning)),
  ].join('\n');

/** `unknown` when run from its sources: the number is put in by the build. */
export const VERSION: string = typeof __VERSION__ === 'string' ? __VERSION__ : 'unknown';

declare const __VERSION__: string | undefined;

const optionLine = (option: Option): string => {
  const argument = 'argument' in option ? ` ${option.argument}` : '';
  const letter = option.letter === undefined ? '   ' : `-${option.letter},`;
  return helpLine(`${letter} --${option.long}${argument}`, option.meaning);
};

const helpLine = (names: string, meaning: string): string => `  ${names.padEnd(36)} ${meaning}`;
