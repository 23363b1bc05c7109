import type { Picture, PictureMark, PictureRow } from '../../picture/picture.ts';
import { tellTime } from '../../picture/printable.ts';
import { renderText } from '../../picture/text.ts';
import type { Flags } from '../arguments.ts';
import type { Input } from '../input-from.ts';
import type { Result } from '../result.ts';
import { Trouble } from '../trouble.ts';
import { columnsOf } from './align.ts';
import { compare, type Comparison, type Difference } from './compare.ts';
import { sideOf, type Side } from './side.ts';

/** Compares two traces or diagrams; the exit status is 1 when they differ. */
export function diff(
  inputs: readonly Input[],
  flags: Flags,
  { width, colour }: { readonly width: number; readonly colour: boolean },
): Result {
  const [a, b] = inputs.map((input) => sideOf(input, flags));
  if (a === undefined || b === undefined) throw new Trouble('two files are needed');
  const notes = inputs.flatMap(({ notes: said }) => said);
  const comparison = compare(a, b, { all: flags.has('all'), tolerance: toleranceIn(flags) });
  const same = comparison.first === undefined && comparison.sameEnd;
  const exitStatus = same ? 0 : 1;
  if (flags.has('json')) return { text: asJson(a, b, comparison), notes, exitStatus };
  if (same) return { text: `the same: ${a.name}, and ${b.name}\n`, notes, exitStatus };
  return { text: renderText([pictureOf(a, b, comparison)], { width, colour, time: 'event' }), notes, exitStatus };
}

function toleranceIn(flags: Flags): number | undefined {
  const asked = flags.get('time');
  if (asked === undefined) return undefined;
  if (typeof asked !== 'string' || !/^\d+(\.\d+)?$/.test(asked)) {
    throw new Trouble(`--time: not a number of milliseconds: ${String(asked)}`);
  }
  return Number(asked);
}

/** Both sides under each other; a column is an event, or one that both have. */
function pictureOf(a: Side, b: Side, { pairs, first, sameEnd }: Comparison): Picture {
  const columns = columnsOf(pairs);
  const row = (label: string, group: PictureRow['group'], marks: readonly PictureMark[]): PictureRow => ({
    label,
    group,
    marks: marks.map((mark) => ({ ...mark, time: columns.get(mark) ?? 0, step: columns.get(mark) ?? 0 })),
  });
  const rows = pairs.flatMap(({ label, a: left, b: right }, i) => [
    // Groups only set the pairs of rows apart.
    row(`A ${label}`, i % 2 === 0 ? 'given' : 'told', left),
    row(`B ${label}`, i % 2 === 0 ? 'given' : 'told', right),
  ]);
  const marked = first?.a ?? first?.b;
  const column = marked === undefined ? 0 : (columns.get(marked) ?? 0);
  const pointer = { time: column, step: column, symbol: '^', kind: 'other', meaning: 'differs' } as const;
  return {
    title: `A: ${a.name}; B: ${b.name}`,
    description: '',
    rows: [
      ...rows,
      ...(marked === undefined ? [] : [{ label: 'first difference', group: 'law' as const, marks: [pointer] }]),
    ],
    caption: [
      ...(first === undefined ? [] : [tellDifference(first)]),
      ...(sameEnd ? [] : [`A ${tellEnd(a)}`, `B ${tellEnd(b)}`]),
    ],
  };
}

function tellDifference({ row, event, a, b }: Difference): string {
  const tell = (mark: PictureMark | undefined): string =>
    mark === undefined
      ? 'nothing more'
      : `${mark.kind === 'other' && mark.symbol === '*' ? 'decided' : mark.meaning} at ${tellTime(mark.time)}`;
  return `first difference: ${row}, event ${event}: A ${tell(a)}; B ${tell(b)}`;
}

const tellEnd = ({ verdict = 'no verdict', exitStatus }: Side): string =>
  exitStatus === undefined ? verdict : `${verdict}; exit ${exitStatus}`;

function asJson(a: Side, b: Side, { pairs, first, sameEnd }: Comparison): string {
  const side = ({ name, verdict, exitStatus }: Side) => ({
    name,
    verdict: verdict ?? null,
    exitStatus: exitStatus ?? null,
  });
  const marks = (all: readonly PictureMark[]) =>
    all.map(({ time, symbol, kind, meaning }) => ({ time, symbol, kind, meaning }));
  const data = {
    same: first === undefined && sameEnd,
    a: side(a),
    b: side(b),
    first: first === undefined ? null : { ...first, a: first.a ?? null, b: first.b ?? null },
    sameEnd,
    rows: pairs.map(({ label, a: left, b: right }) => ({ label, a: marks(left), b: marks(right) })),
  };
  return `${JSON.stringify(data, null, 2)}\n`;
}
