import type { Mark, Row } from '../../src/diagram/rows.ts';
import type { Heard } from './meet.ts';

/**
 * The marble rows of a connection, from nothing but what was heard. The first column is just before the first event. A longer
 * silence is a longer line, but not in proportion: twice the time is one column more.
 *
 * A chunk is drawn as the letter of the chunk it came from: x y z from the peer, a b c from prog. Which one that is follows
 * from the number of bytes that have passed: what goes in comes out, in order.
 */
export function rowsOf(heard: readonly Heard[]): readonly Row[] {
  const events = eventsIn(heard);
  return ROWS.map(({ label, event, origin, first = '' }): Row => {
    const chunkEnds = totals(events.filter(({ name }) => name === origin));
    const own = events.filter(({ name }) => name === event);
    const passed = totals(own);
    const marks = own.map(({ frame, what }, index): Mark => {
      const chunk = chunkEnds.findIndex((total) => (passed[index] ?? 0) <= total);
      return { frame, symbol: BYTES.test(what) ? letter(first, chunk) : symbolOf(what) };
    });
    // What says one thing only (an exit, a hang-up) also ends; that is not worth a mark.
    return { label, marks: origin === undefined ? marks.slice(0, 1) : marks };
  });
}

interface Event {
  readonly frame: number;
  readonly name: string;
  readonly what: string;
}

/** The events that are drawn. Those of one moment share a frame. */
function eventsIn(heard: readonly Heard[]): readonly Event[] {
  let frame = 0;
  let moment: number | undefined;
  return heard.flatMap(({ at, line }) => {
    const [, name = '', what = ''] = EVENT.exec(line) ?? [];
    if (!ROWS.some(({ event }) => event === name)) return [];
    const silence = at - (moment ?? at - MOMENT);
    if (silence >= MOMENT) {
      frame += 1 + Math.floor(Math.log2(1 + silence));
      moment = at;
    }
    return [{ frame, name, what }];
  });
}

/** How many bytes have passed after each event. */
const totals = (events: readonly Event[]): readonly number[] => {
  let total = 0;
  return events.map(({ what }) => (total += Number(BYTES.exec(what)?.[1] ?? 0)));
};

const letter = (first: string, index: number): string =>
  index === -1 ? '?' : String.fromCharCode(first.charCodeAt(0) + index);

function symbolOf(what: string): string {
  switch (what) {
    case 'close_notify':
      return 'N';
    case 'end':
      return '|';
    case 'now':
      return 'T';
    default:
      return /^\{"code":(\d)\}$/.exec(what)?.[1] ?? '#';
  }
}

const EVENT = /^(?:s6-tlsd: info: )?(\w+|peer saw): (.*)$/;
const BYTES = /^(\d+) bytes$/;

interface RowOfEvents {
  readonly label: string;
  /** The event that makes the marks: of `-v3`, or what the peer saw. */
  readonly event: string;
  /** The event in which the chunks of this row first appeared. */
  readonly origin?: string;
  /** The letter of the first chunk. */
  readonly first?: string;
}

const ROWS: readonly RowOfEvents[] = [
  { label: 'from peer', event: 'fromPeer', origin: 'fromPeer', first: 'x' },
  { label: 'to prog', event: 'toProg', origin: 'fromPeer', first: 'x' },
  { label: 'from prog', event: 'fromProg', origin: 'fromProg', first: 'a' },
  { label: 'prog exit', event: 'progExit' },
  { label: 'to peer', event: 'toPeer', origin: 'fromProg', first: 'a' },
  { label: 'peer saw', event: 'peer saw', origin: 'fromProg', first: 'a' },
  { label: 'hang up', event: 'hangUp' },
];

/** Milliseconds. */
const MOMENT = 0.5;
