import { readCommand } from './command.ts';
import type { Run, Told } from './command.ts';
import type { ServerOptions } from './server-options.ts';
import { S6_TLSSERVER } from './s6-tlsserver.ts';

/**
 * Turns the words after the name of s6-tlsserver into what to do; throws a Death with 100 where the options say
 * nothing sensible. The words after them are not looked at.
 */
export const parseServerOptions = (argv: readonly string[]): Told | Run<ServerOptions> =>
  readCommand(argv, S6_TLSSERVER);
