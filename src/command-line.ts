import { Death } from './messages.ts';
import type { Options } from './options/options.ts';
import { DEFAULTS } from './options/options.ts';
import { reportAt, type Report } from './report.ts';
import type { Told } from './options/command.ts';

/** What a program does. */
export interface Work<Command> {
  readonly name: string;
  /** Throws a Death with 100. */
  readonly parse: (argv: readonly string[]) => Told | Command;
  /** Resolves with the exit status. */
  readonly run: (command: Command, report: Report) => Promise<number>;
}

/**
 * Does what a command line asks for; returns the exit status. Whatever is a reason to end before that, is told on fd 2.
 *
 * @param argv without the program's own name.
 */
export async function obey<Command extends { readonly kind: 'run'; readonly options: Options }>(
  argv: readonly string[],
  { name, parse, run }: Work<Command>,
): Promise<number> {
  const speaker = { program: name };
  let report = reportAt(DEFAULTS.verbosity, speaker);
  try {
    const command = parse(argv);
    if (command.kind !== 'run') {
      process.stdout.write(command.text);
      return 0;
    }
    report = reportAt(command.options.verbosity, speaker);
    // Instead of node and the place of our bundle: ps(1) is to show which connection serves what.
    process.title = [name, ...argv].join(' ');
    return await run(command, report);
  } catch (error) {
    if (!(error instanceof Death)) throw error;
    report.fatal(error);
    return error.exitCode;
  }
}
