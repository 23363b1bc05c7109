import { writeFileSync } from 'node:fs';
import { systemReason } from '../messages.ts';
import { oneLine } from '../one-line.ts';
import { readArguments, type Flags, type Request } from './arguments.ts';
import type { CommandName } from './commands.ts';
import { diff } from './diff/diff.ts';
import { explain } from './explain/explain.ts';
import { explore } from './explore/explore.ts';
import { helpText, versionText } from './help.ts';
import { readInput } from './input.ts';
import type { Input } from './input-from.ts';
import { render } from './render.ts';
import type { Result } from './result.ts';
import { spec } from './spec/spec.ts';
import { wantsColour, widthOf, type Screen } from './terminal.ts';
import { Trouble } from './trouble.ts';

/** The program's surroundings. */
export interface Surroundings {
  readonly stdin: AsyncIterable<Buffer | string>;
  readonly stdout: Screen;
  readonly environment: NodeJS.ProcessEnv;
  /** Resolves when all of it is written. */
  readonly print: (text: string) => Promise<void>;
  /** A line for fd 2. */
  readonly warn: (line: string) => void;
  /** Resolves at a signal that asks the program to end. From the call on such a signal does not end it by itself. */
  readonly untilStopped: () => Promise<unknown>;
}

/**
 * marble-tls: looks at how connections ended, or could have ended.
 *
 * @param argv without the program's own name.
 * @returns the exit status: 0 done, 1 two things differ, 2 trouble.
 */
export async function main(argv: readonly string[], surroundings: Surroundings): Promise<0 | 1 | 2> {
  const say = (level: string, message: string): void =>
    surroundings.warn(`marble-tls: ${level}: ${oneLine(message)}\n`);
  try {
    const request = readArguments(argv);
    if (request.kind !== 'run') {
      await surroundings.print(request.kind === 'help' ? helpText(request.command) : versionText);
      return 0;
    }
    const { command, files, flags } = request;
    if (command === 'explore') {
      const [input] = await inputsOf(files, surroundings);
      await explore(input, flags, { ...surroundings, warning: (message) => say('warning', message) });
      return 0;
    }
    const { text, notes, exitStatus = 0 } = await run({ command, files, flags }, surroundings);
    for (const note of notes) say('warning', note);
    await put(text, flags.get('output'), surroundings);
    return exitStatus;
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    say('fatal', error.message);
    return 2;
  }
}

async function run({ command, files, flags }: Run, { stdin, stdout, environment }: Surroundings): Promise<Result> {
  const inputs = await inputsOf(files, { stdin });
  const output = flags.get('output');
  const screen = output === undefined || output === '-' ? stdout : {};
  const look = { width: widthOf(screen), colour: wantsColour(screen, environment) };
  return COMMANDS[command](inputs, flags, look);
}

async function inputsOf(files: readonly string[], { stdin }: Pick<Surroundings, 'stdin'>): Promise<readonly Input[]> {
  const inputs: Input[] = [];
  for (const file of files) inputs.push(await readInput(file, stdin));
  return inputs;
}

/** A command that turns files into text, which all do but one. */
type Telling = Exclude<CommandName, 'explore'>;

type Run = Omit<Extract<Request, { readonly kind: 'run' }>, 'kind' | 'command'> & { readonly command: Telling };

const COMMANDS: Readonly<
  Record<Telling, (inputs: readonly Input[], flags: Flags, look: { width: number; colour: boolean }) => Result>
> = { render, explain, spec, diff };

async function put(text: string, file: string | true | undefined, { print }: Surroundings): Promise<void> {
  if (typeof file !== 'string' || file === '-') return print(text);
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Trouble(`unable to write ${file}: ${systemReason(error)}`);
  }
}
