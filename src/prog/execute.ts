import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { getSystemErrorMap } from 'node:util';
import type { PosixSpawn } from '../native/posix-spawn.ts';
import type { ProgImage } from './spawn.ts';

/**
 * Runs prog as execvp(3) does: a name without a slash is looked for in the PATH of its environment, and what the kernel does not know
 * how to run is run by /bin/sh. Returns the pid, or the system's error.
 */
export const execute = (
  posix: PosixSpawn,
  { argv, environment }: Omit<ProgImage, 'identity'>,
  ends: readonly [number, number],
): number | NodeJS.ErrnoException => {
  const [prog = '', ...args] = argv;
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  // What has a slash is looked for nowhere else, and its error is the error.
  const next: readonly number[] = prog.includes('/') ? [] : NEXT;
  let failure: number = -ENOENT;
  for (const file of candidates(prog, environment['PATH'])) {
    const result = posix.spawn(file, argv, variables, ends);
    if (result > 0) return result;
    if (result === -ENOEXEC) return pidOrError(posix.spawn(SHELL, [SHELL, file, ...args], variables, ends));
    if (!next.includes(result)) return systemError(result);
    if (result === -EACCES) failure = result;
  }
  return systemError(failure);
};

const candidates = (prog: string, path = DEFAULT_PATH): readonly string[] => {
  if (prog === '') return [];
  if (prog.includes('/')) return [prog];
  return path
    .split(':')
    .map((directory) => join(directory === '' ? '.' : directory, prog))
    .filter((file) => existsSync(file));
};

const pidOrError = (result: number): number | NodeJS.ErrnoException => (result > 0 ? result : systemError(result));

const systemError = (errno: number): NodeJS.ErrnoException => {
  const [code, message] = getSystemErrorMap().get(errno) ?? [`errno ${-errno}`, `errno ${-errno}`];
  return Object.assign(new Error(message), { code, errno });
};

/** errno.h of Linux. */
const ENOENT = 2;
const ENOEXEC = 8;
const EACCES = 13;
const ENOTDIR = 20;

/** After these the next directory is tried. */
const NEXT = [-ENOENT, -EACCES, -ENOTDIR];

const SHELL = '/bin/sh';

/** confstr(3), _CS_PATH: where programs are looked for without a PATH. */
const DEFAULT_PATH = '/bin:/usr/bin';
