import type { Scenario } from '../../diagram/scenario.ts';
import { inputFrom } from '../../inspect/input-from.ts';
import type { Recording } from '../../inspect/recording.ts';
import { specOf } from '../../inspect/spec/spec.ts';

/** What a dropped file holds. */
export type Dropped =
  | { readonly kind: 'diagram'; readonly opened: Opened }
  | {
      readonly kind: 'trace';
      /** In the order in which they begin. */
      readonly connections: readonly Connection[];
    };

/** A recorded connection, to be chosen among those of its file. */
export interface Connection {
  /** For people: which one it is, and how it ended. */
  readonly line: string;
  /**
   * Makes a scenario of it, which takes a moment.
   *
   * @throws Trouble when it cannot be one.
   */
  readonly open: () => Opened;
}

/** A scenario from a dropped file, and what is to be said about it: a line each. */
export interface Opened {
  readonly scenario: Scenario;
  readonly notes: readonly string[];
}

/**
 * Reads a file that somebody has dropped: a diagram, or the traces of connections. Nothing in it is believed.
 *
 * @param file its name, for what is said about it.
 * @throws Trouble with a sentence for people.
 */
export function readDropped(file: string, text: string): Dropped {
  const input = inputFrom(file, text);
  if (input.kind === 'diagram') return { kind: 'diagram', opened: { scenario: input.scenario, notes: input.notes } };
  return {
    kind: 'trace',
    connections: input.recordings.map((recording) => ({
      line: lineOf(recording),
      open: () => opened(recording, input.notes),
    })),
  };
}

function opened(recording: Recording, notes: readonly string[]): Opened {
  const { scenario, differs } = specOf(recording);
  return {
    scenario,
    notes: [...notes, ...differs.map((row) => `the rules do not reproduce the recording: ${row} is different`)],
  };
}

const lineOf = ({ header, closing }: Recording): string =>
  `connection ${header.connection}, ${header.prog}: ${closing?.verdict ?? 'the trace stops before its verdict'}`;

/** 64 MiB, of a File, before it is read. */
export const MOST_FILE_BYTES = 67_108_864;
