import type { Bytes } from '../../graph/vocabulary.ts';
import { openAppendFile, type AppendFile } from './append-file.ts';

/** Takes one line of the NSS key log, its newline included. */
export type KeyLog = (line: Bytes) => void;

/** What a key log is for, in messages. */
export const LOGGING_KEYS = 'write keys to';

/** Writes to a file that is open. */
export const keyLogIn =
  (file: AppendFile): KeyLog =>
  (line) =>
    file.append(line);

/**
 * Opens the file that gets the session keys; `undefined` when that cannot be done, which has been told then. Each line is written
 * at once: whoever watches the connection live needs it before the first record.
 *
 * @param pattern see {@link openAppendFile}.
 * @param tell says that keys are written, and where: whoever reads that file can read the connection.
 */
export function openKeyLog(
  pattern: string,
  { warn, tell }: { warn: (message: string) => void; tell: (message: string) => void },
): AppendFile | undefined {
  const file = openAppendFile(pattern, LOGGING_KEYS, warn);
  if (file !== undefined) tell(`session keys are written to ${file.path}`);
  return file;
}
