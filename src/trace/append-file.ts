import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { systemReason } from '../messages.ts';

/** A file that only grows, and never harms the connection: at the first failure it says so once and takes no more. */
export interface AppendFile {
  /** `%p` and `%%` put in. */
  readonly path: string;
  /** Missing once something went wrong. */
  readonly fd: number | undefined;
  /** `false` once something went wrong: nobody need make lines any more. */
  readonly takesMore: boolean;
  /** Adds whole lines with one write(2), so that lines of other processes do not come between them. Throws nothing. */
  append(lines: string | Uint8Array): void;
}

/**
 * Opens a file to append to, makes it (0600) if it is not there, and never waits: a FIFO that nobody reads is a failure.
 * `undefined` when it cannot be opened; that has been told then.
 *
 * @param pattern the name; `%p` in it is the process id, `%%` a percent sign.
 * @param attempt what the file is for, as in `unable to <attempt> FILE: reason`.
 */
export function openAppendFile(
  pattern: string,
  attempt: string,
  warn: (message: string) => void,
): AppendFile | undefined {
  const path = pattern.replaceAll(/%[p%]/g, (mark) => (mark === '%p' ? String(process.pid) : '%'));
  try {
    return appendFileAt(openSync(path, FLAGS, 0o600), path, { attempt, warn });
  } catch (error) {
    warn(`unable to ${attempt} ${path}: ${systemReason(error)}`);
    return undefined;
  }
}

/** The same for a file that is open already. */
export function appendFileAt(
  opened: number,
  path: string,
  { attempt, warn }: { readonly attempt: string; readonly warn: (message: string) => void },
): AppendFile {
  let fd: number | undefined = opened;
  return {
    path,
    get fd() {
      return fd;
    },
    get takesMore() {
      return fd !== undefined;
    },
    append(lines) {
      if (fd === undefined) return;
      try {
        writeWhole(fd, typeof lines === 'string' ? Buffer.from(lines) : lines);
      } catch (error) {
        closeSync(fd);
        fd = undefined;
        warn(`unable to ${attempt} ${path}: ${systemReason(error)}`);
      }
    },
  };
}

/** A kernel that takes only a part says with the next write why; if it then takes the rest, all is well. */
function writeWhole(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}

/** Node opens everything with O_CLOEXEC: prog does not get this descriptor. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;
