import { openDiagram, openRecording, type Opened } from '../../explorer/model/dropped.ts';
import { fragmentOf, type Diagrams } from '../../explorer/model/permalink.ts';
import { stateOf } from '../../explorer/model/state.ts';
import type { Flags } from '../arguments.ts';
import { theOne } from '../choose.ts';
import type { Input } from '../input-from.ts';

/** With what the page begins. */
export interface Beginning {
  /** The fragment of its address: a permalink. */
  readonly fragment: string;
  /** What is to be said about it: a line each. */
  readonly notes: readonly string[];
}

/**
 * A file as the explorer shows it when it is dropped on the page.
 *
 * @throws Trouble when the page cannot hold it, or `--connection` does not say which of several.
 */
export function beginWith(input: Input, flags: Flags): Beginning {
  const { scenario, notes } = opened(input, flags);
  return { fragment: fragmentOf(stateOf(scenario, undefined), NONE), notes: [...input.notes, ...notes] };
}

const opened = (input: Input, flags: Flags): Opened =>
  input.kind === 'diagram' ? openDiagram(input) : openRecording(input.file, theOne(input, flags));

/** The address has all of it. */
const NONE: Diagrams = { get: () => undefined };
