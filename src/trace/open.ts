import process from 'node:process';
import { openAppendFile, type AppendFile } from './append-file.ts';
import { beginTrace, type Facts, type Lines, type Trace } from './trace.ts';

/**
 * Opens the file of a trace; `undefined` when that cannot be done, which has been told then. The function that comes back begins
 * the trace; its time 0 is when streams are first shown to it.
 *
 * @param pattern see {@link openAppendFile}.
 */
export function openTrace(pattern: string, warn: (message: string) => void): ((facts: Facts) => Trace) | undefined {
  const file = openAppendFile(pattern, 'trace to', warn);
  if (file === undefined) return undefined;
  return (facts) => {
    let zero: number | undefined;
    const clock = (): number => Math.round((performance.now() - (zero ??= performance.now())) * 1000);
    return beginTrace(collected(file), { connection: process.pid, accepted: new Date(), clock }, facts);
  };
}

/** Lines on their way into a file: to write each as it comes would cost more than all the rest. */
function collected(file: AppendFile): Lines {
  let lines = '';
  let soon: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(soon);
    soon = undefined;
    if (lines !== '') file.append(lines);
    lines = '';
  };
  // A fault in the program itself must not cost the lines that lead up to it.
  process.once('exit', flush);
  return {
    get wanted() {
      return file.takesMore;
    },
    add(line) {
      lines += line;
      if (lines.length > MOST_COLLECTED) flush();
      else soon ??= setTimeout(flush, LATEST);
    },
    flush,
  };
}

/** Characters. */
const MOST_COLLECTED = 16_384;

/** Milliseconds: what is lost at most when SIGKILL ends the process. */
const LATEST = 10;
