import { differences } from '../../diagram/compare.ts';
import { playScenario } from '../../diagram/play.ts';
import { shownUnder, type Scenario } from '../../diagram/scenario.ts';
import { MOST_BYTES } from '../../diagram/values.ts';
import { inputFrom, type Input } from '../../inspect/input-from.ts';
import type { Recording } from '../../inspect/recording.ts';
import { shortLine } from '../../inspect/short-line.ts';
import { specOf } from '../../inspect/spec/spec.ts';
import { Trouble } from '../../inspect/trouble.ts';
import { LAST_FRAME, MOST_MARKS } from './edit.ts';
import { LONGEST_TEXT } from './permalink-fields.ts';

/** What a dropped file holds. */
export type Dropped =
  | { readonly kind: 'diagram'; readonly opened: Opened }
  | {
      readonly kind: 'trace';
      /** In the order in which they begin; at least one. */
      readonly connections: readonly Connection[];
    };

/** A recorded connection, to be chosen among those of its file. */
export interface Connection {
  /** For people: which one it is, and how it ended. */
  readonly line: string;
  /**
   * Makes a scenario of it, which takes a moment.
   *
   * @throws Trouble with a sentence for people, when it cannot be one.
   */
  readonly open: () => Opened;
}

/** A scenario from a dropped file that the explorer can hold, and what is to be said about it: a line each. */
export interface Opened {
  readonly scenario: Scenario;
  readonly notes: readonly string[];
}

/**
 * To be asked before a file is read.
 *
 * @throws Trouble when there is more in it than {@link MOST_FILE_BYTES}.
 */
export function checkSize(name: string, bytes: number): void {
  if (bytes > MOST_FILE_BYTES)
    throw new Trouble(`${shortLine(name, LONGEST_NAME)}: more than ${MOST_FILE_BYTES / 1_048_576} MiB`);
}

/**
 * Reads a file that somebody has dropped: a diagram, or the traces of connections. Nothing in it is believed: whatever it holds, the
 * answer comes within two seconds or so, and its texts are short lines that no screen obeys.
 *
 * @param name of the file, for what is said about it.
 * @param text of no more than {@link MOST_FILE_BYTES}.
 * @throws Trouble with a sentence for people, which names the line if there is one that is wrong.
 */
export function readDropped(name: string, text: string): Dropped {
  const file = shortLine(name, LONGEST_NAME);
  const input = inShort(() => inputOf(file, text));
  if (input.kind === 'diagram') return { kind: 'diagram', opened: openDiagram(input) };
  if (input.recordings.length === 0) throw new Trouble(`${file}: no connection`);
  return {
    kind: 'trace',
    connections: input.recordings.map((recording) => ({
      line: lineOf(recording),
      open: () => inShort(() => openRecording(file, recording)),
    })),
  };
}

function inputOf(file: string, text: string): Input {
  if (text.length > MOST_DIAGRAM_CHARACTERS && !text.trimStart().startsWith('{'))
    throw new Trouble(`${file}: no trace, and too long for a diagram`);
  if (text.includes('\0')) throw new Trouble(`${file}: neither a trace nor a diagram`);
  return inputFrom(file, text);
}

/** @throws Trouble with a sentence for people, when the explorer cannot hold it. */
export function openDiagram({ file, scenario }: Extract<Input, { readonly kind: 'diagram' }>): Opened {
  const held = inBounds(file, scenario);
  const same = differences(held, playScenario(held, shownUnder(held))) === undefined;
  return {
    scenario: held,
    notes: same ? [] : [`${file}: does something else than it expects; shown is what it does`],
  };
}

/** @throws Trouble with a sentence for people, when it cannot be a scenario, or the explorer cannot hold it. */
export function openRecording(file: string, recording: Recording): Opened {
  const { scenario, differs } = specOf(recording);
  return {
    scenario: inBounds(file, scenario),
    notes: differs.map((row) => `${file}: the rules do not reproduce the recording: ${row} is different`),
  };
}

/** A scenario with texts that are short, and with nothing in it that no permalink could hold. */
function inBounds(file: string, scenario: Scenario): Scenario {
  const { given, idleTimeout, highWaterMark } = scenario;
  for (const { label, marks } of given) {
    if (marks.length > MOST_MARKS) throw new Trouble(`${file}: more than ${MOST_MARKS} marks in the row ${label}`);
    if ((marks.at(-1)?.frame ?? 0) > LAST_FRAME) throw new Trouble(`${file}: ${label} is longer than ${TEN_DAYS}`);
  }
  if (idleTimeout > LAST_FRAME) throw new Trouble(`${file}: idleTimeout is longer than ${TEN_DAYS}`);
  if (highWaterMark > MOST_BYTES) throw new Trouble(`${file}: highWaterMark is more than ${MOST_BYTES} bytes`);
  const short = (text: string): string => shortLine(text, LONGEST_TEXT);
  const { title, clause, fault, writeFault } = scenario;
  return {
    ...scenario,
    title: short(title),
    clause: short(clause),
    fault: short(fault),
    writeFault: short(writeFault),
  };
}

/** What is told of a file quotes it, and so may be anything. */
function inShort<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    throw new Trouble(shortLine(error.message, LONGEST_MESSAGE));
  }
}

function lineOf({ header, closing }: Recording): string {
  const ended = closing?.verdict ?? 'the trace stops before its verdict';
  return `connection ${header.connection}, ${shortLine(header.prog, LONGEST_NAME)}: ${shortLine(ended, LONGEST_TEXT)}`;
}

/** 32 MiB: 350 000 events, which Chromium reads in less than a second. */
export const MOST_FILE_BYTES = 33_554_432;

/** Half of what marble-tls reads: YAML of a mebibyte can take seconds. */
const MOST_DIAGRAM_CHARACTERS = 524_288;
const LONGEST_NAME = 100;
const LONGEST_MESSAGE = 300;
const TEN_DAYS = 'ten days';
