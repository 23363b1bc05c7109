import { waits } from '../../../graph/laws.ts';
import type { Actual } from '../../diagram/play.ts';
import type { Given } from '../../diagram/scenario.ts';
import { Trouble } from '../trouble.ts';
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
 * run in the replay from where their causes were put; a law that waited is therefore asked for its frame by playing,
 * and what came before it is put no later, what came after it no earlier.
 *
 * What comes later changes nothing of what went before. So all until the next timer is put into its millisecond and played at once: what
 * then stands before the frame in which the timer went off can stay.
 *
 * @param rows the order of rows in the file.
 * @param start microseconds that frame 0 stands for.
 * @param play plays what has been placed.
 * @throws Trouble when it would have to be played too often.
 */
export function place(events: readonly Happened[], rules: Rules): Placement {
  const marks: Placed[] = [];
  const timers: { readonly index: number; readonly frame: number }[] = [];
  let at: Position = { frame: 0, rank: -1, lastOf: new Map() };
  let played = 0;
  for (let next = 0; next < events.length;) {
    const stretch = untilTimer(events, next);
    const natural = put(stretch, at, rules, Infinity).marks;
    played += marks.length + natural.length;
    if (played > MOST_PLAYED) throw new Trouble('the recording is too long for a diagram: its timers cannot be placed');
    const due = waited(rules.play([...marks, ...natural]))[timers.length]?.frame ?? Infinity;
    const latest = due < at.frame ? Infinity : due;
    const late = natural.findIndex(({ frame }) => frame > latest);
    // The first that is late is put before the timer, which may then go off at another time.
    const staying = late === -1 ? stretch : stretch.slice(0, late + 1);
    const placed = put(staying, at, rules, latest);
    marks.push(...placed.marks);
    at = placed.at;
    next += staying.length;
    const timer = events[next];
    if (late === -1 && timer !== undefined) {
      // Whatever comes now comes after the timer.
      at = { ...at, frame: Math.max(at.frame, Math.min(due, MOST)), rank: rules.rows.length };
      timers.push({ index: timer.index, frame: at.frame });
      next += 1;
    }
  }
  const frames = [...marks, ...timers].sort((a, b) => a.index - b.index);
  return { marks, frameAt: (index) => frames.findLast((each) => each.index <= index)?.frame ?? 0 };
}

type Event = Extract<Happened, { readonly kind: 'given' }>;

/** Where the last event was put. */
interface Position {
  readonly frame: number;
  /** The row among {@link Rules.rows}. */
  readonly rank: number;
  /** The last frame of each row. */
  readonly lastOf: ReadonlyMap<Given, number>;
}

function untilTimer(events: readonly Happened[], from: number): readonly Event[] {
  const stretch: Event[] = [];
  for (let i = from, event = events[i]; event?.kind === 'given'; event = events[(i += 1)]) stretch.push(event);
  return stretch;
}

/** Puts events into their milliseconds, but no later than `latest`, and as much later as their order asks for. */
function put(events: readonly Event[], at: Position, { rows, start }: Rules, latest: number) {
  let { frame, rank } = at;
  const lastOf = new Map(at.lastOf);
  const marks = events.map(({ label, symbol, time, index }): Placed => {
    const row = rows.indexOf(label);
    const least = Math.max(row >= rank ? frame : frame + 1, (lastOf.get(label) ?? -1) + 1);
    frame = Math.max(least, Math.min(Math.floor((time - start) / 1000), latest));
    rank = row;
    lastOf.set(label, frame);
    return { label, symbol, frame, index };
  });
  return { marks, at: { frame, rank, lastOf } };
}

const waited = (laws: Actual['laws']): Actual['laws'] => laws.filter(({ law }) => waits(law));

/** The longest that a diagram can be. */
const MOST = 2_147_483_647;
/** Marks, in all plays together: about half a second. */
const MOST_PLAYED = 30_000;
