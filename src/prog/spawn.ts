import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { ProgStatus } from '../../graph/vocabulary.ts';
import { Death, systemReason } from '../messages.ts';
import type { Identity } from '../privileges.ts';

/** What to run: `argv` (`argv[0]` is searched in the PATH of `environment`), the whole environment, and as whom: as us by default. */
export interface ProgImage {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** With either of the two prog has no supplementary groups: libuv drops them between fork and exec. */
  readonly identity?: Identity;
}

/** Who hears how prog fared. */
export interface ProgEvents {
  /** Called exactly once, never before `spawnProg` has returned. */
  readonly ended: (status: ProgStatus) => void;
  /** One line for people, without the program's name. */
  readonly warn: (message: string) => void;
}

/**
 * Runs prog with the given descriptors as stdin and stdout and our stderr. Every signal disposition of prog is the
 * default one (libuv resets them all between fork and exec). No shell.
 *
 * A prog that cannot be started has ended with the shell's 127 (not found) or 126 (not to be run), or with 111 (no
 * process could be made), and `warn` has heard why. A missing `#!` interpreter is reported by the kernel as ENOENT too.
 */
export const spawnProg = (
  { argv, environment, identity = {} }: ProgImage,
  [stdin, stdout]: readonly [number | 'pipe', number | 'pipe'],
  { ended, warn }: ProgEvents,
): ChildProcess | undefined => {
  const [prog = '', ...args] = argv;
  const failed = (error: unknown): void => progFailed(prog, error, { ended, warn });
  try {
    const child = spawn(prog, args, { env: environment, stdio: [stdin, stdout, 'inherit'], ...int32(identity) });
    const runs = child.pid !== undefined;
    child.once('exit', (code, signal) =>
      ended(signal === null ? { code: code ?? 0 } : { signal: constants.signals[signal] }),
    );
    // Node reports a failing kill(2) here as well, EPERM when prog has changed its uid.
    child.on('error', (error) => (runs ? warn(`unable to signal ${prog}: ${systemReason(error)}`) : failed(error)));
    return child;
  } catch (error) {
    // Some errors of fork and exec are thrown, others emitted in the next tick: make it the same for all.
    process.nextTick(failed, error);
    return undefined;
  }
};

/** Tells of a prog that could not be started. */
export const progFailed = (prog: string, error: unknown, { ended, warn }: ProgEvents): void => {
  const death = whyNot(prog, error);
  warn(death.message);
  ended({ code: death.exitCode });
};

/** Node takes them as int32, and libuv casts them back: the upper half of uid_t is negative. */
const int32 = ({ uid, gid }: Identity): { uid?: number; gid?: number } => ({
  ...(uid !== undefined && { uid: uid | 0 }),
  ...(gid !== undefined && { gid: gid | 0 }),
});

const whyNot = (prog: string, error: unknown): Death => {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ERR_INVALID_ARG_VALUE': // The empty name, which Node refuses to look up. execvp(3) calls it ENOENT.
      return new Death('progNotFound', { what: "''", reason: 'no such file or directory' });
    case 'ENOENT':
      return new Death('progNotFound', { what: prog === '' ? "''" : prog, reason: systemReason(error) });
    case 'EAGAIN':
    case 'ENOMEM':
    case 'EMFILE':
    case 'ENFILE':
      return new Death('system', { what: `run ${prog}`, reason: systemReason(error) });
    default:
      return new Death('progNotRunnable', { what: prog, reason: systemReason(error) });
  }
};
