import type { Policy, Protocol } from '../../graph/vocabulary.ts';
import { EXPECTED, GIVEN } from './alphabet.ts';
import { readMapping, type Found } from './mapping.ts';
import { Misread, readMarks, readRowTexts, type Mark, type RowText } from './rows.ts';
import { bytes, fault, lineOf, oneOf, progStatus, text, whole } from './values.ts';

/** A close scenario: a rule, what the world does, and all that we do about it. See diagrams/. */
export interface Scenario {
  /** The rule, as a sentence. */
  readonly title: string;
  /** What the rule rests on: an RFC clause, or the behaviour of s6-tlsd. */
  readonly clause: string;
  readonly policy: Policy;
  /** The rule holds under each of them. */
  readonly protocols: readonly Protocol[];
  /** `-J`; default `false`. */
  readonly requireCloseNotify: boolean;
  /** `-K` in milliseconds; default 0. */
  readonly idleTimeout: number;
  /** Bytes; default 65536. */
  readonly highWaterMark: number;
  /** How many bytes a letter stands for, where that is not 1. */
  readonly bytes: Readonly<Record<string, number>>;
  /** What `#` stands for in `handshake` and `from peer`: a kind, and for an alert its name; default `reset`. */
  readonly fault: string;
  /** The same for `taken by peer`; default `reset EPIPE`. */
  readonly writeFault: string;
  /** What `x` stands for in `prog exit`: `code 127`, `signal 15`. */
  readonly progStatus: string;
  /** In their order, which is also the order of what happens in the same frame. */
  readonly given: readonly ScenarioRow<Given>[];
  readonly expected: readonly ScenarioRow<Expected>[];
  /** The whole line. */
  readonly verdict: string;
  readonly exit: number;
}

/** What a file need not say. */
export const DEFAULTS = {
  requireCloseNotify: false,
  idleTimeout: 0,
  highWaterMark: 65_536,
  bytes: {},
  fault: 'reset',
  writeFault: 'reset EPIPE',
  progStatus: 'code 0',
} as const satisfies Partial<Scenario>;

/** The newest protocol under which a scenario holds: that in which it is shown. */
export const shownUnder = ({ protocols }: Pick<Scenario, 'protocols'>): Protocol =>
  [...protocols].sort().at(-1) ?? 'TLSv1.3';

/** What `#` stands for in a given row. */
export const writtenFault = (label: Given, { fault, writeFault }: Pick<Scenario, 'fault' | 'writeFault'>): string =>
  label === 'taken by peer' ? writeFault : fault;

export interface ScenarioRow<Label> {
  readonly label: Label;
  readonly marks: readonly Mark[];
}

export type Given = keyof typeof GIVEN;
export type Expected = keyof typeof EXPECTED;

/**
 * Reads a scenario strictly: what is misspelt, missing, unreadable or out of line is refused.
 *
 * @throws Misread
 */
export function readScenario(file: string): Scenario {
  const found = readMapping(file);
  for (const [key, { line }] of found) if (!KEYS.has(key)) throw new Misread(line, `unknown key: ${key}`);
  const given = rows(found, 'given', GIVEN);
  const expected = rows(found, 'expected', EXPECTED, given[0]?.column);
  for (const label of MANDATORY) {
    if (!expected.some((row) => row.label === label)) {
      throw new Misread(lineOf(found, 'expected'), `nothing is expected of: ${label}`);
    }
  }
  return {
    title: text(found, 'title'),
    clause: text(found, 'clause'),
    policy: oneOf(POLICIES, text(found, 'policy'), lineOf(found, 'policy')),
    protocols: protocols(found),
    requireCloseNotify: requireCloseNotify(found),
    idleTimeout: whole(found, 'idleTimeout', DEFAULTS.idleTimeout),
    highWaterMark: whole(found, 'highWaterMark', DEFAULTS.highWaterMark),
    bytes: bytes(found.get('bytes')),
    fault: fault(found, 'fault', DEFAULTS.fault),
    writeFault: fault(found, 'writeFault', DEFAULTS.writeFault),
    progStatus: progStatus(found, DEFAULTS.progStatus),
    given,
    expected,
    verdict: text(found, 'verdict'),
    exit: whole(found, 'exit'),
  };
}

/** Rows of one key, all in one column: that of the rows read before, if there are any. */
function rows<Label extends string>(
  found: Found,
  key: string,
  table: Readonly<Record<Label, RegExp>>,
  column?: number,
): readonly (ScenarioRow<Label> & { readonly column: number })[] {
  const seen = new Set<string>();
  return texts(found, key).map((row) => {
    const alphabet = Object.hasOwn(table, row.label) ? table[row.label as Label] : undefined;
    if (alphabet === undefined) throw new Misread(row.line, `unknown row in ${key}: ${row.label}`);
    if (seen.has(row.label)) throw new Misread(row.line, `a row twice in ${key}: ${row.label}`);
    seen.add(row.label);
    if (column !== undefined && row.column !== column) {
      throw new Misread(row.line, 'given and expected rows are not aligned on one column');
    }
    const marks = located(
      () => row.line,
      () => readMarks(row.marbles, alphabet),
    );
    return { label: row.label as Label, marks, column: row.column };
  });
}

/** The rows of a text, with their lines in the file. */
function texts(found: Found, key: string): readonly RowText[] {
  const entry = found.get(key);
  const inFile = (line: number): number => entry?.lineOf(line - 1) ?? 1;
  const read = located(inFile, () => readRowTexts(text(found, key)));
  return read.map((row) => ({ ...row, line: inFile(row.line) }));
}

function located<T>(inFile: (line: number) => number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Misread(inFile(error instanceof Misread ? error.line : 1), error.message);
  }
}

function requireCloseNotify(found: Found): boolean {
  const value = found.get('requireCloseNotify')?.value ?? DEFAULTS.requireCloseNotify;
  if (typeof value === 'boolean') return value;
  throw new Misread(lineOf(found, 'requireCloseNotify'), 'requireCloseNotify: neither true nor false');
}

function protocols(found: Found): readonly Protocol[] {
  const value = found.get('protocols')?.value;
  const line = lineOf(found, 'protocols');
  if (!Array.isArray(value) || value.length === 0) throw new Misread(line, 'protocols: no list');
  return value.map((name: unknown) => oneOf(PROTOCOLS, String(name), line));
}

export const POLICIES: readonly Policy[] = ['s', 'S', 'N'];
export const PROTOCOLS: readonly Protocol[] = ['TLSv1.2', 'TLSv1.3'];

/** The rows of which every diagram says what is expected. */
export const MANDATORY: readonly Expected[] = ['to peer', 'to prog', 'hang up'];

const KEYS = new Set(
  (
    'title clause policy protocols requireCloseNotify idleTimeout highWaterMark bytes fault writeFault progStatus ' +
    'given expected verdict exit'
  ).split(' '),
);
