import { readCommand, usageDeath } from './command.ts';
import type { Told } from './command.ts';
import type { Options } from './options.ts';
import { S6_TLSD } from './s6-tlsd.ts';

export type Command =
  Told | { readonly kind: 'run'; readonly options: Options; readonly prog: readonly [string, ...string[]] };

/**
 * Turns the words after the name of s6-tlsd into what to do; throws a Death with 100 where they say nothing
 * sensible. Where a text goes is not decided here: fd 1 is the network.
 */
export const parseOptions = (argv: readonly string[]): Command => {
  const command = readCommand(argv, S6_TLSD);
  if (command.kind !== 'run') return command;
  const [file, ...args] = command.words;
  if (file === undefined) throw usageDeath(S6_TLSD, 'no program to run');
  return { kind: 'run', options: command.options, prog: [file, ...args] };
};
