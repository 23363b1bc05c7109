import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Closing, Header, TraceEvent, TraceLine } from '../../../src/trace/format.ts';

/** A directory for the traces of one test file; removed when the process exits. */
export const traceDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'marble-tls-trace-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
};

/** The lines of a trace file, each of which must be whole. */
export const linesOf = (file: string): TraceLine[] => {
  const texts = readFileSync(file, 'utf8').split('\n');
  if (texts.pop() !== '') throw new Error(`${file} ends in the middle of a line`);
  return texts.map((text) => JSON.parse(text) as TraceLine);
};

export interface ReadTrace {
  readonly header: Header;
  readonly events: readonly TraceEvent[];
  readonly closing: Closing;
}

/** The trace of one connection, of which it must be the whole: a header, events whose times do not decrease, a closing line. */
export const traceOf = (lines: readonly TraceLine[]): ReadTrace => {
  const [header, ...rest] = lines;
  const closing = rest.pop();
  if (header === undefined || !('trace' in header)) throw new Error('the first line is no header');
  if (closing === undefined || !('verdict' in closing)) throw new Error('the last line is no verdict');
  let time = 0;
  for (const line of rest) {
    if (!('stream' in line)) throw new Error(`not an event: ${JSON.stringify(line)}`);
    if (line.time < time || line.time > closing.time) throw new Error(`out of order: ${JSON.stringify(line)}`);
    time = line.time;
  }
  const connections = new Set(lines.map(({ connection }) => connection));
  if (connections.size !== 1) throw new Error(`${connections.size} connections`);
  return { header, events: rest as TraceEvent[], closing };
};

/** The events of one stream, without what is the same in all of them, and without their time. */
export const rowOf = (trace: ReadTrace, stream: TraceEvent['stream'], direction?: 'in' | 'out'): object[] =>
  trace.events
    .filter((event) => event.stream === stream)
    .filter((event) => direction === undefined || ('direction' in event && event.direction === direction))
    .map((event) =>
      Object.fromEntries(
        Object.entries(event).filter(([key]) => !['connection', 'time', 'stream', 'direction'].includes(key)),
      ),
    );
