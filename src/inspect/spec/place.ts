import { waits } from '../../../graph/laws.ts';
import type { Actual } from '../../diagram/play.ts';
import type { Given } from '../../diagram/scenario.ts';
import type { Happened } from './happened.ts';

/** A mark of a given row, in its frame. */
export interface Placed {
  readonly label: Given;
  readonly symbol: string;
  readonly frame: number;
  readonly index: number;
}

interface Rules {
  readonly rows: readonly Given[];
  readonly start: number;
  readonly patience: number;
  readonly play: (marks: readonly Placed[]) => Actual['laws'];
}

export interface Placement {
  readonly marks: readonly Placed[];
  /** The frame in which the event with that index happens, or the last one before it. */
  readonly frameAt: (index: number) => number;
}

/**
 * Gives all that happened a frame, so that a replay has it in the recorded order.
 *
 * A frame is a millisecond, and what happens in one is played in the order of the rows. Hence everything keeps its millisecond,
 * unless something that came before it stands in a later row, or is too near in its own: then it is a frame later. Timers
 * run in the replay from where their causes were put; a law that waited is therefore asked for its frame by playing what comes before,
 * and what came before it is put no later, what came after it no earlier.
 *
 * @param rows the order of rows in the file.
 * @param start microseconds that frame 0 stands for.
 * @param patience the shortest of the timers, in milliseconds.
 * @param play plays what has been placed.
 */
export function place(events: readonly Happened[], { rows, start, patience, play }: Rules): Placement {
  const marks: Placed[] = [];
  const frames: { readonly index: number; readonly frame: number }[] = [];
  const lastOf = new Map<Given, number>();
  let fired = 0;
  let frame = 0;
  let rank = -1;
  const nextTimer = (): number => waited(play(marks))[fired]?.frame ?? Infinity;
  for (const event of events) {
    if (event.kind === 'timer') {
      frame = Math.max(frame, Math.min(nextTimer(), MOST));
      fired += 1;
      // Whatever comes now comes after the timer.
      rank = rows.length;
      frames.push({ index: event.index, frame });
      continue;
    }
    const row = rows.indexOf(event.label);
    const least = Math.max(row >= rank ? frame : frame + 1, (lastOf.get(event.label) ?? -1) + 1);
    const natural = Math.max(least, Math.floor((event.time - start) / 1000));
    // So long after the last event a timer may be due, which in truth was a little late.
    const late = natural - frame >= patience - 1;
    const latest = late ? Math.max(least, nextTimer()) : Infinity;
    frame = Math.min(natural, latest);
    rank = row;
    lastOf.set(event.label, frame);
    marks.push({ label: event.label, symbol: event.symbol, frame, index: event.index });
    frames.push({ index: event.index, frame });
  }
  return { marks, frameAt: (index) => frames.findLast((each) => each.index <= index)?.frame ?? 0 };
}

const waited = (laws: Actual['laws']): Actual['laws'] => laws.filter(({ law }) => waits(law));

/** The longest that a diagram can be. */
const MOST = 2_147_483_647;
