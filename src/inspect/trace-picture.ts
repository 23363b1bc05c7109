import { describeRows } from '../picture/describe.ts';
import type { Picture, PictureMark, PictureRow } from '../picture/picture.ts';
import { captionOf } from './caption.ts';
import { lettersFor, turns, type Lettering, type Run } from './chunks.ts';
import { drawn } from './marks.ts';
import type { Recording } from './recording.ts';
import { stepsOf } from './steps.ts';
import { rowOf, TRACE_ROWS, type TraceRow } from './trace-rows.ts';
import { tellBytes } from './words.ts';

/** A recorded connection. A column is a moment; only what is in the chosen rows has one. */
export function tracePicture(recording: Recording, choose: (row: TraceRow) => boolean): Picture {
  const letters = lettersFor(recording);
  const rows = rowsOf(recording, letters, choose);
  const caption = captionOf(recording, letters, rows);
  const { connection, prog, program } = recording.header;
  return {
    title: `connection ${connection}: ${prog} behind ${program}`,
    description: `${caption.join('. ')}. ${describeRows(rows)}`,
    rows,
    caption,
  };
}

/** A row while it is filled. */
interface Draft extends TraceRow {
  readonly marks: Drawing[];
}

/** A mark, and how many events it stands for. */
interface Drawing {
  readonly mark: PictureMark;
  /** The same as that of the mark before it: then both are one. */
  readonly key: string;
  events: number;
  bytes: number;
}

function rowsOf({ events }: Recording, letters: Lettering, choose: (row: TraceRow) => boolean): readonly PictureRow[] {
  const drafts = new Map<string, Draft>();
  for (const row of Object.values(TRACE_ROWS)) if (choose(row)) drafts.set(row.label, { ...row, marks: [] });
  const steps = stepsOf(events);
  let turn = 0;
  for (const [i, event] of events.entries()) {
    if (turns(event)) turn += 1;
    const row = rowOf(event);
    if (!choose(row)) continue;
    const draft = drafts.get(row.label) ?? { ...row, marks: [] };
    drafts.set(row.label, draft);
    const mark = { time: event.time / 1000, step: steps[i] ?? 0, ...drawn(event, letters) };
    const key = keyOf(i, mark, letters.runOf.get(event), letters, turn);
    const bytes = 'bytes' in event ? event.bytes : 0;
    const last = draft.marks.at(-1);
    if (last?.key === key) {
      last.events += 1;
      last.bytes += bytes;
    } else draft.marks.push({ mark, key, events: 1, bytes });
  }
  return withoutEmptySteps(
    [...drafts.values()]
      .filter(({ shown, marks }) => shown === 'always' || marks.length > 0)
      .map(({ label, group, marks }) => ({ label, group, marks: marks.map(meaningOf) })),
  );
}

/** What the marks have in common that are drawn as one: nothing, as long as there are letters for all. */
function keyOf(
  index: number,
  { kind, symbol }: PictureMark,
  run: Run | undefined,
  letters: Lettering,
  turn: number,
): string {
  if (letters.merged && run !== undefined) return `run ${letters.runs.indexOf(run)}`;
  return letters.merged && kind === 'record' ? `${turn} ${symbol}` : String(index);
}

function meaningOf({ mark, events, bytes }: Drawing): PictureMark {
  if (events === 1) return mark;
  const what = mark.kind === 'data' ? 'chunks' : mark.kind === 'record' ? 'records' : 'acknowledgements';
  return { ...mark, meaning: `${events} ${what}, ${tellBytes(bytes)} in all` };
}

/** The same rows with steps that count from 0 without a gap. */
function withoutEmptySteps(rows: readonly PictureRow[]): readonly PictureRow[] {
  const steps = [...new Set(rows.flatMap(({ marks }) => marks.map(({ step }) => step)))].sort((a, b) => a - b);
  const newStep = new Map(steps.map((step, i) => [step, i]));
  return rows.map((row) => ({
    ...row,
    marks: row.marks.map((mark) => ({ ...mark, step: newStep.get(mark.step) ?? 0 })),
  }));
}
