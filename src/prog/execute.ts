import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemError } from '../messages.ts';
import type { Image } from '../native/posix-spawn.ts';
import type { ProgImage } from './spawn.ts';

/**
 * Runs prog as execvp(3) does: a name without a slash is looked for in the PATH of its environment, and what the kernel does not know
 * how to run is run by /bin/sh. A directory that we may not search does not have it (execvp would say EACCES in the end, and the shell's 126
 * instead of 127). `done` is told the pid, or the system's error.
 */
export const execute = (
  spawn: (image: Image, done: (pid: number) => void) => void,
  { argv, environment }: Omit<ProgImage, 'identity'>,
  ends: Image['ends'],
  done: (outcome: number | NodeJS.ErrnoException) => void,
): void => {
  const [prog = '', ...args] = argv;
  const common = { environment: Object.entries(environment).map(([name, value]) => `${name}=${value}`), ends };
  // What has a slash is looked for nowhere else, and its error is the error.
  const next: readonly number[] = prog.includes('/') ? [] : NEXT;
  const attempt = ([file, ...others]: readonly string[], failure: number): void => {
    if (file === undefined) return done(systemError(-failure));
    if (next.length > 0 && !existsSync(file)) return attempt(others, failure);
    spawn({ ...common, file, argv }, (pid) => {
      if (pid > 0) return done(pid);
      if (pid === -ENOEXEC) {
        const script = { ...common, file: SHELL, argv: [SHELL, file, ...args] };
        return spawn(script, (shell) => done(shell > 0 ? shell : systemError(-shell)));
      }
      if (!next.includes(pid)) return done(systemError(-pid));
      attempt(others, pid === -EACCES ? pid : failure);
    });
  };
  attempt(candidates(prog, environment['PATH']), -ENOENT);
};

const candidates = (prog: string, path = DEFAULT_PATH): readonly string[] => {
  if (prog === '') return [];
  if (prog.includes('/')) return [prog];
  return path.split(':').map((directory) => join(directory === '' ? '.' : directory, prog));
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
