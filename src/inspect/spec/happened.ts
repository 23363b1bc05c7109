import type { Given } from '../../diagram/scenario.ts';
import type { TraceEvent } from '../../trace/format.ts';
import type { Lettering, Run } from '../chunks.ts';
import { drawn } from '../marks.ts';
import { isSource, type Recording } from '../recording.ts';
import { TRACE_ROWS } from '../trace-rows.ts';

/** What a recording asks of a replay, in its order: things the world does, and moments at which a law had waited enough. */
export type Happened =
  | {
      readonly kind: 'given';
      readonly label: Given;
      readonly symbol: string;
      readonly time: number;
      readonly index: number;
    }
  | { readonly kind: 'timer'; readonly index: number };

/**
 * The source events of a recording as marks of given rows. Of a run of chunks only the first is there, with the bytes of all; an
 * acknowledgement is the letter of what it completes.
 *
 * @returns `time` in microseconds; `index` is that of the event.
 */
export function happened({ events }: Recording, letters: Lettering): readonly Happened[] {
  const begun = new Set<object>();
  const acknowledged = acknowledgements(events, letters);
  return events.flatMap((event, index): readonly Happened[] => {
    if (event.stream === 'law' && event.kind === 'timer') return [{ kind: 'timer', index }];
    if (!isSource(event)) return [];
    const label = TRACE_ROWS[event.stream]?.label as Given;
    const given = (symbol: string): Happened => ({ kind: 'given', label, symbol, time: event.time, index });
    if (event.kind === 'taken') return Array.from(acknowledged.get(event) ?? '', given);
    const run = event.kind === 'data' ? letters.runOf.get(event) : undefined;
    if (run !== undefined && begun.has(run)) return [];
    if (run !== undefined) begun.add(run);
    return [given(drawn(event, letters).symbol)];
  });
}

/** The letters that each acknowledgement completes. */
function acknowledgements(events: readonly TraceEvent[], { runOf }: Lettering): ReadonlyMap<TraceEvent, string> {
  const waiting = { takenByPeer: passedTo('toPeer', events, runOf), takenByProg: passedTo('toProg', events, runOf) };
  const completed = new Map<TraceEvent, string>();
  for (const event of events) {
    if (event.kind !== 'taken') continue;
    const queue = waiting[event.stream];
    let letters = '';
    let left = event.bytes;
    for (let first = queue[0]; first !== undefined && left >= first.bytes; first = queue[0]) {
      left -= first.bytes;
      letters += first.letter;
      queue.shift();
    }
    if (queue[0] !== undefined) queue[0].bytes -= left;
    completed.set(event, letters);
  }
  return completed;
}

/** What was said in a stream, by runs. */
function passedTo(stream: 'toPeer' | 'toProg', events: readonly TraceEvent[], runOf: Lettering['runOf']) {
  const runs = new Map<Run, { readonly letter: string; bytes: number }>();
  for (const event of events) {
    const run = event.stream === stream && event.kind === 'data' ? runOf.get(event) : undefined;
    if (run === undefined || !('bytes' in event)) continue;
    const passed = runs.get(run) ?? { letter: run.letter, bytes: 0 };
    passed.bytes += event.bytes;
    runs.set(run, passed);
  }
  return [...runs.values()];
}
