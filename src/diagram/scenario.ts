import { parse } from 'yaml';
import { readMarks, readRowTexts, type Mark, type RowText } from './rows.ts';
import type { Policy, Protocol } from '../../graph/vocabulary.ts';

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
  /** What `#` stands for in the given rows: a kind, and for an alert its name; default `reset`. */
  readonly fault: string;
  /** What `x` stands for in `prog exit`: `code 127`, `signal 15`. */
  readonly progStatus: string;
  /** In their order, which is also the order of what happens in the same frame. */
  readonly given: readonly ScenarioRow<Given>[];
  readonly expected: readonly ScenarioRow<Expected>[];
  /** The whole line. */
  readonly verdict: string;
  readonly exit: number;
}

export interface ScenarioRow<Label> {
  readonly label: Label;
  readonly marks: readonly Mark[];
}

export type Given = keyof typeof GIVEN;
export type Expected = keyof typeof EXPECTED;

/** Reads a scenario strictly: what is misspelt, missing, unreadable or out of line throws. */
export function readScenario(text: string): Scenario {
  const file: unknown = parse(text, { uniqueKeys: true });
  if (typeof file !== 'object' || file === null) throw new Error('not a mapping');
  const found = new Map<string, unknown>(Object.entries(file));
  for (const key of found.keys()) if (!KEYS.has(key)) throw new Error(`unknown key: ${key}`);
  const given = rows(found, 'given', GIVEN);
  const expected = rows(found, 'expected', EXPECTED);
  for (const label of MANDATORY) {
    if (!expected.some((row) => row.label === label)) throw new Error(`nothing is expected of: ${label}`);
  }
  if (new Set([...texts(found, 'given'), ...texts(found, 'expected')].map(({ column }) => column)).size > 1) {
    throw new Error('given and expected rows are not aligned on one column');
  }
  const requireCloseNotify = found.get('requireCloseNotify') ?? false;
  if (typeof requireCloseNotify !== 'boolean') throw new Error('requireCloseNotify: neither true nor false');
  return {
    title: line(found, 'title'),
    clause: line(found, 'clause'),
    policy: oneOf(POLICIES, line(found, 'policy')),
    protocols: protocols(found.get('protocols')),
    requireCloseNotify,
    idleTimeout: whole(found, 'idleTimeout', 0),
    highWaterMark: whole(found, 'highWaterMark', 65_536),
    fault: line(found, 'fault', 'reset'),
    progStatus: line(found, 'progStatus', 'code 0'),
    given,
    expected,
    verdict: line(found, 'verdict'),
    exit: whole(found, 'exit'),
  };
}

function rows<Table extends Readonly<Record<string, RegExp>>>(
  found: ReadonlyMap<string, unknown>,
  key: string,
  table: Table,
): readonly ScenarioRow<keyof Table & string>[] {
  const read = texts(found, key).map(({ label, marbles }) => {
    const alphabet = table[label];
    if (alphabet === undefined) throw new Error(`unknown row in ${key}: ${label}`);
    return { label, marks: readMarks(marbles, alphabet) };
  });
  if (new Set(read.map(({ label }) => label)).size < read.length) throw new Error(`a row twice in ${key}`);
  return read;
}

const texts = (found: ReadonlyMap<string, unknown>, key: string): readonly RowText[] => readRowTexts(line(found, key));

function line(found: ReadonlyMap<string, unknown>, key: string, otherwise?: string): string {
  const value = found.get(key) ?? otherwise;
  if (typeof value !== 'string' || value.trim() === '') throw new Error(`missing or no text: ${key}`);
  return key === 'given' || key === 'expected' ? value : value.trim();
}

function whole(found: ReadonlyMap<string, unknown>, key: string, otherwise?: number): number {
  const value = found.get(key) ?? otherwise;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw new Error(`no whole number: ${key}`);
  return value;
}

function protocols(value: unknown): readonly Protocol[] {
  if (!Array.isArray(value) || value.length === 0) throw new Error('protocols: no list');
  return value.map((name: unknown) => oneOf(PROTOCOLS, String(name)));
}

function oneOf<Word extends string>(words: readonly Word[], value: string): Word {
  const word = words.find((known) => known === value);
  if (word === undefined) throw new Error(`${value} is none of ${words.join(', ')}`);
  return word;
}

const POLICIES: readonly Policy[] = ['s', 'S', 'N'];
const PROTOCOLS: readonly Protocol[] = ['TLSv1.2', 'TLSv1.3'];

const KEYS = new Set(
  'title clause policy protocols requireCloseNotify idleTimeout highWaterMark fault progStatus given expected verdict exit'.split(
    ' ',
  ),
);

/**
 * The rows that can be given, and their symbols: `h` the handshake is done, a–z cleartext, `N` close_notify, `|` end, `#` fault,
 * digits an exit code or a number of bytes, `x` the `progStatus`, `g` gone, `t i h` SIGTERM SIGINT SIGHUP, `T` TCP is gone.
 */
const GIVEN = {
  handshake: /[h#]/,
  'from peer': /[a-zN|#]/,
  'from prog': /[a-z|]/,
  'prog exit': /[0-9x]/,
  'prog stdin gone': /g/,
  signal: /[tih]/,
  'taken by peer': /[0-9|#]/,
  'taken by prog': /[0-9]/,
  'hung up': /T/,
} as const;

/** The rows that can be expected; `h` and `l` in the demand rows are high and low, `^` and `!` begin and end of reading. */
const EXPECTED = {
  'start prog': /h/,
  'to peer': /[a-zN|#]/,
  'to prog': /[a-z|]/,
  'hang up': /T/,
  'demand peer': /[hl]/,
  'demand prog': /[hl]/,
  'reading peer': /[\^!]/,
  'reading prog': /[\^!]/,
  'signal to prog': /[tih]/,
} as const;

const MANDATORY: readonly Expected[] = ['to peer', 'to prog', 'hang up'];
