import type { Closing, Header, TraceEvent } from '../trace/format.ts';
import { isTraceLine, lineFault } from './line-form.ts';
import type { Recording } from './recording.ts';
import { Trouble, wrongIn } from './trouble.ts';

/** What a file of traces holds. */
export interface Traces {
  /** In the order in which they begin. */
  readonly recordings: readonly Recording[];
  /** What is incomplete and was read all the same: a line each, with file and line. */
  readonly notes: readonly string[];
}

/**
 * Reads the traces of a file. Strict: a line that is no line of a trace, is of no connection that has begun, or runs back in time
 * is refused. Only the end of a file may be missing, because a program can be killed: then there is a note.
 *
 * @throws Trouble with file and line.
 */
export function readTraces(file: string, text: string): Traces {
  const recordings: Draft[] = [];
  const open = new Map<number, Draft>();
  const notes: string[] = [];
  const lines = text.split('\n', MOST_LINES + 1);
  if (lines.length > MOST_LINES) throw new Trouble(`${file}: more than ${String(MOST_LINES)} lines`);
  for (const [index, content] of lines.entries()) {
    const number = index + 1;
    if (content === '') continue;
    if (nestings(content) > MOST_NESTINGS)
      throw wrongIn(file, number, `more than ${String(MOST_NESTINGS)} objects and lists in one line`);
    const line = parsed(content);
    if (line === undefined && number === lines.length) {
      notes.push(`${file}:${String(number)}: the last line is torn: left out`);
      continue;
    }
    if (!isTraceLine(line)) throw wrongIn(file, number, line === undefined ? 'not JSON' : (lineFault(line) ?? ''));
    if ('trace' in line) {
      const draft: Draft = { header: line, events: [], closing: undefined, line: number };
      recordings.push(draft);
      open.set(line.connection, draft);
      continue;
    }
    const draft = open.get(line.connection);
    if (draft === undefined) throw wrongIn(file, number, `connection ${String(line.connection)} has not begun`);
    if (draft.closing !== undefined) throw wrongIn(file, number, `something after the verdict`);
    if (line.time < (draft.events.at(-1)?.time ?? 0)) throw wrongIn(file, number, 'time runs backwards');
    if ('verdict' in line) draft.closing = line;
    else draft.events.push(line);
  }
  for (const { closing, line, header } of recordings) {
    if (closing === undefined) {
      notes.push(
        `${file}:${String(line)}: the trace of connection ${String(header.connection)} stops before its verdict`,
      );
    }
  }
  return { recordings: recordings.map(({ header, events, closing }) => ({ header, events, closing })), notes };
}

interface Draft {
  readonly header: Header;
  readonly events: TraceEvent[];
  closing: Closing | undefined;
  readonly line: number;
}

/** `undefined` for what is not JSON. */
function parsed(content: string): unknown {
  try {
    return JSON.parse(content) as unknown;
  } catch {
    // JSON.parse quotes what it did not like, which may be long and may be anything.
    return undefined;
  }
}

/** How many objects and lists a line of JSON has. */
function nestings(content: string): number {
  let count = 0;
  let quoted = false;
  for (let i = 0; i < content.length; i += 1) {
    const code = content.charCodeAt(i);
    if (code === QUOTE) quoted = !quoted;
    else if (quoted) i += code === BACKSLASH ? 1 : 0;
    else if (code === BRACE || code === BRACKET) count += 1;
  }
  return count;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;
const BRACKET = 0x5b;

/** They need about one gigabyte of memory. */
const MOST_LINES = 1_000_000;
/** A verdict has three, and newer programs may add some. Empty lists can be so many that their memory is gigabytes. */
const MOST_NESTINGS = 32;
