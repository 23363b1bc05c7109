import { Buffer } from 'node:buffer';
import process from 'node:process';
import type { AppendFile } from './append-file.ts';
import { MOST_DIGITS, putDecimal } from './decimal.ts';
import { beginTrace, type Facts, type Lines, type Trace } from './trace.ts';

/** Begins the trace of a connection, the number of which tells its lines from those of others; its time 0 is now. */
export type BeginTrace = (facts: Facts, connection: number) => Trace;

/** What a file of traces is for, in messages. */
export const TRACING = 'trace to';

/** Traces of many connections at once. */
export function tracesIn(file: AppendFile): BeginTrace {
  const lines = collected(file);
  return (facts, connection) => {
    const zero = performance.now();
    const clock = (): number => Math.round((performance.now() - zero) * 1000);
    return beginTrace(lines, { connection, accepted: new Date(), clock }, facts);
  };
}

/**
 * Lines on their way into a file. What comes with every chunk must be cheap, so their parts are only kept, and put together many at a
 * time, as bytes: done line by line, between two chunks, the same work took three times as long, and strings that live for a while
 * kept the garbage collector busy.
 */
function collected(file: AppendFile): Lines {
  const parts: Part[] = Array.from({ length: MOST_LINES }, () => ({ before: NOTHING, number: 0, after: NOTHING }));
  const bytes = Buffer.allocUnsafeSlow(MOST_BYTES);
  let lines = 0;
  let size = 0;
  let soon: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(soon);
    soon = undefined;
    if (lines > 0) file.append(joined(parts, lines, size > bytes.length ? Buffer.allocUnsafe(size) : bytes));
    lines = size = 0;
  };
  // A fault in the program itself must not cost the lines that lead up to it.
  process.once('exit', flush);
  return {
    get wanted() {
      return file.takesMore;
    },
    add(before, number, after) {
      const part = parts[lines] as Part;
      part.before = before;
      part.number = number;
      part.after = after;
      lines += 1;
      size += before.length + MOST_DIGITS + after.length;
      if (lines === MOST_LINES || size > MOST_BYTES) flush();
      else soon ??= setTimeout(flush, LATEST);
    },
    flush,
  };
}

/** The first `lines` of the parts as they go into the file, put together in `bytes`, which is long enough. */
function joined(parts: readonly Part[], lines: number, bytes: Buffer): Uint8Array {
  let end = 0;
  for (let line = 0; line < lines; line += 1) {
    const { before, number, after } = parts[line] as Part;
    bytes.set(before, end);
    end = putDecimal(bytes, number, end + before.length);
    bytes.set(after, end);
    end += after.length;
  }
  return bytes.subarray(0, end);
}

const MOST_LINES = 256;

/** Bytes: lines that hold content are long. */
const MOST_BYTES = 65_536;

/** Milliseconds: what is lost at most when SIGKILL ends the process. */
const LATEST = 10;

const NOTHING = new Uint8Array();

/** A line, not put together yet. */
interface Part {
  before: Uint8Array;
  number: number;
  after: Uint8Array;
}
