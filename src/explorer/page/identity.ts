import type { Mark } from '../../diagram/rows.ts';

/** A number for a mark, the same as long as it is the same marble: its element on the page then stays the same, too. */
export function idOf(mark: Mark): number {
  const known = ids.get(mark);
  if (known !== undefined) return known;
  last += 1;
  ids.set(mark, last);
  return last;
}

/** A mark that was moved or changed is another object, and the same marble. */
export function staysTheSame(before: Mark | undefined, after: Mark | undefined): void {
  if (before !== undefined && after !== undefined) ids.set(after, idOf(before));
}

const ids = new WeakMap<Mark, number>();
let last = 0;
