import type { Bytes } from '../../graph/vocabulary.ts';
import { openAppendFile } from './append-file.ts';

/** Takes one line of the NSS key log, its newline included. */
export type KeyLog = (line: Bytes) => void;

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
): KeyLog | undefined {
  const file = openAppendFile(pattern, 'write keys to', warn);
  if (file === undefined) return undefined;
  tell(`session keys are written to ${file.path}`);
  return (line) => file.append(line);
}
