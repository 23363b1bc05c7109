import type { Actual } from '../../diagram/play.ts';
import type { Row } from '../../diagram/rows.ts';
import type { Expected, Given, Scenario } from '../../diagram/scenario.ts';

/** What is told at a step of the tour: a section of docs/closing.md, read at build time. */
export interface TourText {
  /** The section's title, as text. */
  readonly heading: string;
  /** The scenario that the step begins with: the name of a file in diagrams/, without `.yaml`. */
  readonly diagram: string;
  /** HTML, as are the two below: the prose of the section, without links and pictures. */
  readonly body: string;
  /** What to drag, and what should become of it. */
  readonly question: string;
  /** What the question was about, for those who have found it. */
  readonly answer: string;
}

/** A step of the tour: a question about a scenario, answered by moving one marble. */
export interface TourStep {
  readonly diagram: string;
  /** Whether a scenario that came from the diagram by moving marbles, played under the diagram's own protocol, is an answer. */
  readonly answered: (scenario: Scenario, actual: Actual) => boolean;
}

/** The steps in the order of docs/closing.md, one for each question there. */
export const TOUR: readonly TourStep[] = [
  {
    diagram: 'prog-eof-and-not-its-exit-becomes-fin',
    answered: (_, { rows }) => told(rows, 'to peer', '|') >= 12,
  },
  {
    diagram: 'peer-fin-is-prog-eof-under-s',
    answered: (_, { rows, verdicts }) => told(rows, 'hang up', 'T') >= 12 && heardFin(verdicts),
  },
  {
    diagram: 'data-after-close-notify-is-ignored',
    answered: (_, { rows }) => happened(told(rows, 'to prog', 'y')) && !happened(told(rows, 'to prog', 'z')),
  },
  {
    diagram: 'truncation-is-an-error-under-big-j',
    answered: ({ given }, { rows }) => told(rows, 'to peer', '|') < frameOf(given, 'from peer', '|'),
  },
  {
    diagram: 'prog-eof-becomes-fin',
    answered: ({ given }, { rows }) =>
      frameOf(given, 'prog exit', '0') < frameOf(given, 'from peer', 'y') && !happened(told(rows, 'to prog', 'y')),
  },
  {
    diagram: 'tls12-answers-close-notify-at-once',
    answered: ({ given }, { rows }) => told(rows, 'to peer', 'b') < frameOf(given, 'from peer', 'N'),
  },
  {
    diagram: 'reset-during-the-answer',
    answered: ({ given }, { rows }) => told(rows, 'to peer', '|') < frameOf(given, 'from peer', '#'),
  },
  {
    diagram: 'fin-after-the-linger-comes-too-late',
    answered: (_, { verdicts }) => heardFin(verdicts),
  },
];

const heardFin = ([verdict]: Actual['verdicts']): boolean => verdict?.peerEnded === 'fin';

const told = (rows: Actual['rows'], label: Expected, symbol: string): number =>
  frameOf([{ label, marks: rows[label] }], label, symbol);

/** When a symbol first stands in a row, in milliseconds; NaN, which no comparison holds for, when it never does. */
const frameOf = (rows: readonly Row[], label: Given | Expected, symbol: string): number =>
  rows.find((row) => row.label === label)?.marks.find((mark) => mark.symbol === symbol)?.frame ?? NaN;

const happened = (frame: number): boolean => !Number.isNaN(frame);
