import { Misread } from '../diagram/rows.ts';
import { readScenario, type Scenario } from '../diagram/scenario.ts';
import { readTraces } from './read-trace.ts';
import type { Recording } from './recording.ts';
import { Trouble, wrongIn } from './trouble.ts';

/** What a file holds, and what is to be said about it. */
export type Input = (
  | { readonly kind: 'traces'; readonly recordings: readonly Recording[] }
  | { readonly kind: 'diagram'; readonly scenario: Scenario }
) & { readonly file: string; readonly notes: readonly string[] };

/**
 * Reads the text of a file, which is a trace when it begins with a brace, and else a diagram.
 *
 * @param file its name, for what is said about it.
 * @throws Trouble
 */
export function inputFrom(file: string, text: string): Input {
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

/** 1 MiB. */
const MOST_DIAGRAM_BYTES = 1_048_576;
