import { cutInto, momentsOf, type Moment } from './moments.ts';
import type { PictureMark, PictureRow } from './picture.ts';

/** `event`: a column for each step, long silences shortened. `scale`: as far apart as in time. */
export type TimeAxis = 'event' | 'scale';

/** A part of a picture that is drawn side by side; what has no room in it stands in the next one. */
export interface Band {
  /** Milliseconds: where its time begins, and its last moment. */
  readonly from: number;
  readonly until: number;
  readonly moments: readonly PlacedMoment[];
  /** Where time was left out; only by event. */
  readonly silences: readonly Silence[];
  /** How many columns are in use. */
  readonly columns: number;
  /** Columns for a millisecond; only to scale. */
  readonly scale: number;
}

export interface PlacedMoment extends Moment {
  /** The column of its first mark in each row, from 0. */
  readonly at: number;
}

export interface Silence {
  readonly at: number;
  readonly columns: number;
  readonly milliseconds: number;
}

/** How much room there is, and what needs how much of it; in columns. */
export interface Room {
  /** The most columns of a band. */
  readonly columns: number;
  /** For a step by event. */
  readonly step: number;
  /** For so many marks of one row in one moment. */
  readonly marks: (count: number) => number;
  /** For a silence that is left out. */
  readonly silence: (milliseconds: number) => number;
  /** By event, nothing stands beside the marks of a moment, in no row. */
  readonly alone: boolean;
}

/**
 * Gives every moment its column, the same in all rows, and begins a new band when a moment has no room in the last.
 *
 * To scale, all is fitted into one band where that can be done; what stands closer in time than it can be drawn is drawn side by
 * side. A moment with more marks than a band has room for is cut into several.
 */
export function layOut(rows: readonly PictureRow[], time: TimeAxis, room: Room): readonly Band[] {
  if (rows.length === 0) return [];
  const moments = momentsOf(rows).flatMap((moment) => cutInto(moment, (count) => room.marks(count) <= room.columns));
  return time === 'event' ? place(moments, room, byEvent(rows, room)) : fit(moments, room);
}

/** The rows whose lines end in a band. */
export const endedIn = ({ moments }: Band): readonly PictureRow[] =>
  moments.flatMap(({ marks }) =>
    [...marks].filter(([row, own]) => own.some((mark) => endsRow(row, mark))).map(([row]) => row),
  );

/** Whether nothing comes after this mark in its row, so that its line ends there. */
export const endsRow = (row: PictureRow, mark: PictureMark): boolean =>
  mark === row.marks.at(-1) && (mark.kind === 'end' || mark.kind === 'fault' || mark.symbol === '!');

/** A band that is being filled. */
interface Draft {
  /** Where its time begins. */
  readonly origin: { readonly at: 0; readonly time: number; readonly step: number };
  readonly moments: PlacedMoment[];
  readonly silences: Silence[];
  /** The first free column of each row. */
  readonly free: Map<PictureRow, number>;
}

/** The column where a moment wants to stand, and the silence that is left out before it. */
interface Spot {
  readonly at: number;
  readonly silence?: Silence;
}

type Rule = (draft: Draft, moment: Moment) => Spot;

function place(moments: readonly Moment[], room: Room, rule: Rule, scale = 0): readonly Band[] {
  const drafts: Draft[] = [];
  let draft = draftFrom(0, 0);
  for (const moment of moments) {
    const width = room.marks(Math.max(...[...moment.marks.values()].map(({ length }) => length)));
    let spot = rule(draft, moment);
    if (spot.at + width > room.columns) {
      if (draft.moments.length > 0) drafts.push(draft);
      const { silence } = spot;
      const resumed = silence !== undefined && silence.columns + width <= room.columns;
      draft = draftFrom(resumed ? untilNow(draft) : moment.time, moment.step);
      spot = resumed ? { at: silence.columns, silence: { ...silence, at: 0 } } : { at: 0 };
    }
    draft.moments.push({ ...moment, at: spot.at });
    if (spot.silence !== undefined) draft.silences.push(spot.silence);
    for (const [row, marks] of moment.marks) draft.free.set(row, spot.at + room.marks(marks.length));
  }
  return [...drafts, draft].map((filled) => ({
    from: filled.origin.time,
    until: untilNow(filled),
    moments: filled.moments,
    silences: filled.silences,
    columns: Math.max(0, ...filled.free.values()),
    scale,
  }));
}

const draftFrom = (time: number, step: number): Draft => ({
  origin: { at: 0, time, step },
  moments: [],
  silences: [],
  free: new Map(),
});

const untilNow = ({ origin, moments }: Draft): number => moments.at(-1)?.time ?? origin.time;

/** No moment stands before the one that came first, and none on another of its own row. */
const freeFor = ({ moments, free }: Draft, { marks }: Moment): number =>
  Math.max(moments.at(-1)?.at ?? 0, ...[...marks.keys()].map((row) => free.get(row) ?? 0));

function byEvent(rows: readonly PictureRow[], room: Room): Rule {
  // Steps that are milliseconds: the columns of such a picture are time, too, and no part of what is left out.
  const counted = rows.every(({ marks }) => marks.every(({ time, step }) => time === step));
  return (draft, moment) => {
    const last = draft.moments.at(-1) ?? draft.origin;
    const reached = Math.max(0, ...draft.free.values());
    const steps = moment.step - last.step;
    const silence = moment.time - last.time - (counted ? (reached - last.at) / room.step : 0);
    if (silence > (counted ? LONG_STEPS : LONG_MILLISECONDS) && steps > 0) {
      const columns = room.silence(silence);
      return { at: reached + columns, silence: { at: reached, columns, milliseconds: silence } };
    }
    return { at: Math.max(last.at + steps * room.step, room.alone ? reached : freeFor(draft, moment)) };
  };
}

/** To scale: in one band if the marks that stand too close need no more than half of it; otherwise in several. */
function fit(moments: readonly Moment[], room: Room): readonly Band[] {
  const duration = moments.at(-1)?.time ?? 0;
  const rule =
    (scale: number): Rule =>
    (draft, moment) => ({
      at: Math.max(Math.round((moment.time - draft.origin.time) * scale), freeFor(draft, moment)),
    });
  for (let columns = room.columns - 1; ; columns -= Math.ceil(room.columns / TRIES)) {
    const scale = duration === 0 ? 1 : Math.max(columns, 1) / duration;
    const bands = place(moments, room, rule(scale), scale);
    if (bands.length === 1 || columns <= room.columns / 2) return bands;
  }
}

/** About twice as many as there are scales to try; each costs a walk over all moments. */
const TRIES = 40;

/** A silence is left out when it is longer than this: where steps are milliseconds, and where they are not. */
const LONG_STEPS = 25;
const LONG_MILLISECONDS = 100;
