import type { PictureMark } from '../../picture/picture.ts';
import type { Side } from './side.ts';

/** The first thing in which two sides differ. */
export interface Difference {
  readonly row: string;
  /** Which event of the row, from 1. */
  readonly event: number;
  /** `undefined`: there it has no more events. */
  readonly a: PictureMark | undefined;
  readonly b: PictureMark | undefined;
}

/** A row of both sides. */
export interface Pair {
  readonly label: string;
  readonly a: readonly PictureMark[];
  readonly b: readonly PictureMark[];
}

export interface Comparison {
  readonly pairs: readonly Pair[];
  readonly first: Difference | undefined;
  /** Verdict and exit status agree. */
  readonly sameEnd: boolean;
}

/**
 * Compares two sides by what happened: the same symbols in the same order in every row, and the same verdict. Times are compared only
 * with a `tolerance`, counted from the first event of each side. How many bytes were carried counts between two traces;
 * where one side draws several chunks as one, chunks that follow one another count as one on both.
 *
 * @param all also the rows that depend on how fast the kernel was: acknowledgements, demand, records.
 * @param tolerance milliseconds.
 */
export function compare(
  a: Side,
  b: Side,
  { all, tolerance }: { all: boolean; tolerance: number | undefined },
): Comparison {
  const joined = a.merged || b.merged;
  const pairs = labelsOf(a, b, all).map((label): Pair => {
    const marksOf = ({ rows }: Side): readonly PictureMark[] => {
      const marks = rows.get(label) ?? [];
      return joined ? marks.filter(({ kind }, i) => kind !== 'data' || marks[i - 1]?.kind !== 'data') : marks;
    };
    return { label, a: marksOf(a), b: marksOf(b) };
  });
  const zero = { a: beginning(pairs.map((pair) => pair.a)), b: beginning(pairs.map((pair) => pair.b)) };
  const late = (x: PictureMark, y: PictureMark): boolean =>
    tolerance !== undefined && Math.abs(x.time - zero.a - (y.time - zero.b)) > tolerance;
  const differences = pairs.flatMap(({ label, a: left, b: right }): readonly Difference[] => {
    const length = Math.max(left.length, right.length);
    for (let i = 0; i < length; i += 1) {
      const [x, y] = [left[i], right[i]];
      if (x === undefined || y === undefined || word(x) !== word(y) || late(x, y)) {
        return [{ row: label, event: i + 1, a: x, b: y }];
      }
    }
    return [];
  });
  const when = ({ a: x, b: y }: Difference): number =>
    Math.min(x === undefined ? Infinity : x.time - zero.a, y === undefined ? Infinity : y.time - zero.b);
  // Laws only tell why: the first difference is one of what happened, if there is one.
  const why = ({ row }: Difference): number => (a.laws.has(row) || b.laws.has(row) ? 1 : 0);
  const [first] = [...differences].sort((x, y) => why(x) - why(y) || when(x) - when(y));
  return { pairs, first, sameEnd: endOf(a, b) === endOf(b, a) };
}

/** The rows that both sides tell of: what the world did, what we did, and between traces the laws. */
function labelsOf(a: Side, b: Side, all: boolean): readonly string[] {
  const traces = a.kind === 'trace' && b.kind === 'trace';
  const others = [...new Set([...a.rows.keys(), ...b.rows.keys()])].filter(
    (label) => !CORE.includes(label) && (a.laws.has(label) || b.laws.has(label) ? traces : all),
  );
  // Of a row that a diagram does not have, it says that nothing happens only when that would be given.
  const told = ({ kind, rows }: Side, label: string): boolean =>
    rows.has(label) || kind === 'trace' || GIVEN.includes(label);
  return [...CORE, ...others].filter(
    (label) => told(a, label) && told(b, label) && (a.rows.has(label) || b.rows.has(label)),
  );
}

const beginning = (rows: readonly (readonly PictureMark[])[]): number =>
  Math.min(...rows.flatMap(([first]) => (first === undefined ? [] : [first.time])));

/** What has to be the same: which letter a chunk has does not matter. */
export const word = ({ kind, symbol }: PictureMark): string => (kind === 'data' ? 'data' : symbol);

/** Verdict and exit status, without time, and without bytes when the other side is no trace: one letter there need be no chunk. */
function endOf({ verdict, exitStatus, kind }: Side, other: Side): string {
  const timeless = (verdict ?? 'no verdict').replace(/; \d+ ms; /, '; ');
  const traces = kind === 'trace' && other.kind === 'trace';
  return `${traces ? timeless : timeless.replace(/; in \d+ out \d+; /, '; ')}; exit ${String(exitStatus)}`;
}

const GIVEN: readonly string[] = ['from peer', 'from prog', 'prog stdin gone', 'prog exit', 'signal'];
const CORE: readonly string[] = [...GIVEN, 'to peer', 'to prog', 'signal to prog', 'hang up'];
