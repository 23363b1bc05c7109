/** A flag of a command. Long with two dashes; some have a letter too. */
export interface Flag {
  readonly name: string;
  readonly letter?: string;
  /** What stands behind it; a flag without is on or off. */
  readonly argument?: string;
  /** The words that can stand behind it; the first is the default. */
  readonly words?: readonly string[];
  readonly meaning: string;
}

export interface Command {
  /** What comes behind the flags; empty when nothing does. */
  readonly operands: string;
  /** How many of them there must be. */
  readonly least: number;
  readonly most: number;
  readonly meaning: string;
  readonly flags: readonly Flag[];
}

const JSON_OUTPUT: Flag = { name: 'json', meaning: 'print data instead of text' };
const OUTPUT: Flag = { name: 'output', letter: 'o', argument: 'FILE', meaning: 'write there instead of to stdout' };
const CONNECTION: Flag = {
  name: 'connection',
  argument: 'N',
  meaning: 'the N-th connection of a trace file, counted from 1',
};
const ALL: Flag = { name: 'all', meaning: 'also the rows of demand, of what was taken, and of the start' };

/** The command line as a table: read by what parses it, by the help texts, and by the test of the manual page. */
export const COMMANDS = {
  render: {
    operands: 'FILE...',
    least: 1,
    most: Infinity,
    meaning: 'draw traces and diagrams as rows of marbles',
    flags: [
      { name: 'format', argument: 'FORMAT', words: ['text', 'svg', 'html'], meaning: 'what to draw' },
      { name: 'time', argument: 'TIME', words: ['event', 'scale'], meaning: 'a column for each moment, or to scale' },
      {
        name: 'rows',
        argument: 'ROWS',
        meaning: 'only these rows, with commas between: from peer,to peer,wire out,laws',
      },
      ALL,
      CONNECTION,
      OUTPUT,
      { name: 'json', meaning: 'print the pictures as data' },
    ],
  },
  explain: {
    operands: 'TRACE...',
    least: 1,
    most: Infinity,
    meaning: 'tell how a connection ended, and why, in sentences',
    flags: [CONNECTION, OUTPUT, JSON_OUTPUT],
  },
  spec: {
    operands: 'TRACE',
    least: 1,
    most: 1,
    meaning: 'turn a recorded connection into a diagram that the tests can run',
    flags: [CONNECTION, OUTPUT],
  },
  diff: {
    operands: 'FILE FILE',
    least: 2,
    most: 2,
    meaning: 'compare two traces or diagrams by what happened, and mark the first difference',
    flags: [
      { name: 'time', argument: 'MS', meaning: 'also compare times: more than MS milliseconds apart is a difference' },
      ALL,
      CONNECTION,
      OUTPUT,
      JSON_OUTPUT,
    ],
  },
  explore: {
    operands: '[ FILE ]',
    least: 0,
    most: 1,
    meaning: 'serve a page on 127.0.0.1 on which to try what happens when a connection ends',
    flags: [
      CONNECTION,
      { name: 'port', argument: 'N', meaning: 'listen there, instead of on any port that is free' },
      { name: 'open', meaning: 'also show the page in the browser' },
    ],
  },
} as const satisfies Readonly<Record<string, Command>>;

export type CommandName = keyof typeof COMMANDS;
