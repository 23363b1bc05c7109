import { getSystemErrorMap } from 'node:util';
import { oneLine } from './one-line.ts';

/**
 * Every way this program can refuse to work: the exit status it ends with, and what it was about to do.
 *
 * 96, 97, 98, 100 and 111 are the reference's (s6-tlsd-io, "Exit codes"); 126 and 127 are the shell's.
 */
export const FAILURES = {
  options: { exitCode: 100, attempt: 'parse options' },
  environment: { exitCode: 100, attempt: 'use the environment' },
  unreadable: { exitCode: 111, attempt: 'read' },
  unusable: { exitCode: 96, attempt: 'use' },
  tlsSetup: { exitCode: 97, attempt: 'set up TLS' },
  handshake: { exitCode: 98, attempt: 'complete the TLS handshake' },
  tlsRun: { exitCode: 98, attempt: 'carry on with TLS' },
  system: { exitCode: 111, attempt: '' },
  progNotRunnable: { exitCode: 126, attempt: 'run' },
  progNotFound: { exitCode: 127, attempt: 'run' },
} as const;

export type Failure = keyof typeof FAILURES;

/**
 * The reason why the program cannot go on. Thrown anywhere at the boundary, printed and obeyed in `bin/` alone.
 *
 * `message` reads `unable to <attempt> <what>: <reason>`, is one line whatever its parts hold, and comes without the
 * program's name. `what` is left out where the attempt says it all, and is verb and object for `system`.
 */
export class Death extends Error {
  override readonly name = 'Death';
  readonly exitCode: (typeof FAILURES)[Failure]['exitCode'];

  constructor(failure: Failure, { what = '', reason }: { readonly what?: string; readonly reason: string }) {
    const { exitCode, attempt } = FAILURES[failure];
    const attempted = [attempt, what].filter((part) => part !== '').join(' ');
    super(oneLine(`unable to ${attempted}: ${reason}`));
    this.exitCode = exitCode;
  }
}

export type Level = 'fatal' | 'warning' | 'info';

/** The line for fd 2, newline included. */
export const messageLine = (program: string, level: Level, message: string): string =>
  `${program}: ${level}: ${oneLine(message)}\n`;

/** Why a system call failed, in the system's words: `no such file or directory`. */
export const systemReason = (error: unknown): string => {
  const { errno, message } = error as Partial<NodeJS.ErrnoException>;
  // Node 20 gives the errors of setuid(2) and its like a positive errno, all others a negative one.
  const known = errno === undefined ? undefined : getSystemErrorMap().get(-Math.abs(errno))?.[1];
  return known ?? message ?? String(error);
};

/** The error that a system call in C has returned, as Node would have thrown it. */
export const systemError = (errno: number): NodeJS.ErrnoException => {
  const [code, message] = getSystemErrorMap().get(-errno) ?? [`errno ${errno}`, `errno ${errno}`];
  return Object.assign(new Error(message), { code, errno: -errno });
};
