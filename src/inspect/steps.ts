import type { TraceEvent } from '../trace/format.ts';
import { isSource } from './recording.ts';

/**
 * The steps of a trace: a number for each event, from 0. Events of one cause share one:
 *
 * - something the world says, and all we say about it: our answers come in the same breath, however long that takes;
 * - a law that waited, and what it leads to;
 * - records that come or go within half a millisecond, what they bring, and the records that what was said becomes.
 */
export function stepsOf(events: readonly TraceEvent[]): readonly number[] {
  let step = -1;
  let seen: Part | undefined;
  let last = 0;
  return events.map((event) => {
    const part = partOf(event);
    const near = event.time - last <= MOMENT;
    last = event.time;
    if (part === 'an answer' && seen !== undefined) return step;
    if (!(near && joins(event, part, seen))) step += 1;
    seen = part;
    return step;
  });
}

type Part = 'a cause' | 'an answer' | 'records in' | 'records out';

/** Whether an event that comes soon after others belongs to them. */
function joins({ stream }: TraceEvent, part: Part, seen: Part | undefined): boolean {
  switch (part) {
    case 'records in':
      return seen === 'records in';
    case 'records out':
      return seen !== 'records in';
    default:
      return seen === 'records in' && (stream === 'fromPeer' || stream === 'secured');
  }
}

function partOf(event: TraceEvent): Part {
  if (event.stream === 'wire') return event.direction === 'in' ? 'records in' : 'records out';
  return isSource(event) || event.kind === 'timer' ? 'a cause' : 'an answer';
}

/** Microseconds. */
const MOMENT = 500;
