import { readdirSync } from 'node:fs';
import type { ProgStatus } from '../../../graph/vocabulary.ts';
import { holdKeeper, type HoldOptions } from '../../../src/keeper/hold.ts';
import { keeperAt, type Keeper, type KeeperOptions } from '../../../src/keeper/keeper.ts';
import { loadPipe2 } from '../../../src/prog/pipe2.ts';
import type { Identity } from '../../../src/privileges.ts';
import { PATH, within } from '../prog/support.ts';

export interface Given extends Partial<HoldOptions>, Partial<Pick<KeeperOptions, 'pipes' | 'patience'>> {
  readonly identity?: Identity;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A keeper of this process, and what it said when it was lost. */
export const hold = (argv: readonly string[], { identity = {}, environment = { PATH }, ...given }: Given = {}) => {
  const lost: string[] = [];
  const { pipes = loadPipe2, patience, ...order } = given;
  const port = holdKeeper({ image: { argv, environment, identity }, keyFiles: { namedPairs: [] }, ...order });
  const keeper = keeperAt(port, {
    prog: argv[0] ?? '',
    pipes,
    lost: ({ message, exitCode }) => lost.push(`${exitCode} ${message}`),
    ...(patience !== undefined && { patience }),
  });
  return { keeper, lost };
};

/** One prog, and all that can be known of it. Its stdin stays open until the test ends it. */
export const begin = (keeper: Keeper, environment: Readonly<Record<string, string>> = {}) => {
  const warnings: string[] = [];
  let ended: (status: ProgStatus) => void;
  const exit = new Promise<ProgStatus>((resolve) => (ended = resolve));
  const running = keeper.start(environment, {
    warn: (message) => warnings.push(message),
    ended: (status) => ended(status),
  });
  const heard: string[] = [];
  const output = new Promise<string>((resolve) => {
    if (running.ends === undefined) return resolve('');
    running.ends.stdout.on('data', (chunk: Uint8Array) => heard.push(Buffer.from(chunk).toString()));
    running.ends.stdout.once('close', () => resolve(heard.join('')));
    running.ends.stdout.resume();
  });
  return {
    running,
    warnings,
    heard: () => heard.join(''),
    say: (words: string) => running.ends?.stdin.write(words),
    endInput: () => running.ends?.stdin.end(),
    output: () => within('the end of output', output),
    exit: () => within('exit', exit),
  };
};

/** Starts prog, ends its stdin, and waits for all there is to know. */
export const outcome = async (keeper: Keeper, environment: Readonly<Record<string, string>> = {}, input = '') => {
  const prog = begin(keeper, environment);
  if (input !== '') prog.say(input);
  prog.endInput();
  const [output, status] = await Promise.all([prog.output(), prog.exit()]);
  return { output, status, warnings: prog.warnings };
};

/** What the descriptors of a process lead to. */
export const descriptorsOf = (pid: number | string): number => readdirSync(`/proc/${pid}/fd`).length;
