import type { PictureMark } from '../../picture/picture.ts';
import { word, type Pair } from './compare.ts';

/**
 * The column of every mark, so that what is the same on both sides stands in one column: the longest common sequence of both, by
 * row and symbol.
 */
export function columnsOf(pairs: readonly Pair[]): ReadonlyMap<PictureMark, number> {
  const columns = new Map<PictureMark, number>();
  let column = -1;
  let steps: { readonly a: number | undefined; readonly b: number | undefined } = { a: undefined, b: undefined };
  for (const { a, b } of matched(sequence(pairs, 'a'), sequence(pairs, 'b'))) {
    const stays = (a === undefined || a.mark.step === steps.a) && (b === undefined || b.mark.step === steps.b);
    if (!stays || column === -1) column += 1;
    steps = stays ? steps : { a: a?.mark.step, b: b?.mark.step };
    for (const item of [a, b]) if (item !== undefined) columns.set(item.mark, column);
  }
  return columns;
}

interface Item {
  readonly mark: PictureMark;
  readonly word: string;
}

/** All marks of a side in the order in which they happened. */
const sequence = (pairs: readonly Pair[], side: 'a' | 'b'): readonly Item[] =>
  pairs
    .flatMap((pair) => pair[side].map((mark) => ({ mark, word: `${pair.label} ${word(mark)}` })))
    .sort((x, y) => x.mark.step - y.mark.step);

/** Both sequences in one, pairs where they agree. */
function matched(a: readonly Item[], b: readonly Item[]): readonly { readonly a?: Item; readonly b?: Item }[] {
  if (a.length * b.length > MOST_CELLS) return [...a.map((item) => ({ a: item })), ...b.map((item) => ({ b: item }))];
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = a[i]?.word === b[j]?.word ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const merged: { readonly a?: Item; readonly b?: Item }[] = [];
  for (let [i, j] = [0, 0]; i < a.length || j < b.length;) {
    const [x, y] = [a[i], b[j]];
    if (x !== undefined && y !== undefined && x.word === y.word) {
      merged.push({ a: x, b: y });
      i += 1;
      j += 1;
    } else if (x !== undefined && (y === undefined || at(i + 1, j) >= at(i, j + 1))) {
      merged.push({ a: x });
      i += 1;
    } else {
      if (y !== undefined) merged.push({ b: y });
      j += 1;
    }
  }
  return merged;
}

/** 64 MiB. Beyond it the second side is drawn behind the first. */
const MOST_CELLS = 16_777_216;
