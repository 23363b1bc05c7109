import { createReadStream } from 'node:fs';
import { Misread } from '../diagram/rows.ts';
import { readScenario, type Scenario } from '../diagram/scenario.ts';
import { systemReason } from '../messages.ts';
import { readTraces } from './read-trace.ts';
import type { Recording } from './recording.ts';
import { Trouble, wrongIn } from './trouble.ts';

/** What a file holds, and what is to be said about it. */
export type Input = (
  | { readonly kind: 'traces'; readonly recordings: readonly Recording[] }
  | { readonly kind: 'diagram'; readonly scenario: Scenario }
) & { readonly file: string; readonly notes: readonly string[] };

/**
 * Reads a trace or a diagram; which of them is seen from the content: a trace begins with a brace.
 *
 * @param path `-` is stdin.
 * @throws Trouble
 */
export async function readInput(path: string, stdin: AsyncIterable<Buffer | string>): Promise<Input> {
  const file = path === '-' ? 'stdin' : path;
  const text = await contentOf(file, path === '-' ? stdin : createReadStream(path));
  const start = text.trimStart();
  if (start === '') throw new Trouble(`${file}: empty`);
  if (start.startsWith('{')) return { kind: 'traces', file, ...readTraces(file, text) };
  if (text.length > MOST_DIAGRAM_BYTES)
    throw new Trouble(`${file}: a diagram of more than ${MOST_DIAGRAM_BYTES} bytes`);
  try {
    return { kind: 'diagram', file, scenario: readScenario(text), notes: [] };
  } catch (error) {
    if (!(error instanceof Misread)) throw error;
    throw wrongIn(file, error.line, error.message);
  }
}

async function contentOf(file: string, source: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of source) {
      const read = Buffer.from(chunk);
      bytes += read.byteLength;
      // A device may have no end, and a string of Node has one.
      if (bytes > MOST_BYTES) throw new Trouble(`${file}: more than ${MOST_BYTES} bytes`);
      chunks.push(read);
    }
  } catch (error) {
    if (error instanceof Trouble) throw error;
    throw new Trouble(`unable to read ${file}: ${systemReason(error)}`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** 128 MiB, and 1 MiB. */
const MOST_BYTES = 134_217_728;
const MOST_DIAGRAM_BYTES = 1_048_576;
