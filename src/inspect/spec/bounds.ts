import { MOST_BYTES } from '../../diagram/values.ts';
import { turns, type Lettering } from '../chunks.ts';
import type { Recording } from '../recording.ts';
import { Trouble } from '../trouble.ts';

/**
 * Refuses what no diagram can hold, before it costs any time.
 *
 * @throws Trouble
 */
export function checkLength({ events, closing }: Recording, { runs, merged }: Lettering): void {
  const others = events.filter(turns).length;
  const demand = merged ? 0 : events.filter(({ kind }) => kind === 'demand_up' || kind === 'demand_down').length;
  const milliseconds = Math.floor((events.at(-1)?.time ?? 0) / 1000);
  const detail = events.reduce((most, event) => Math.max(most, 'detail' in event ? event.detail.length : 0), 0);
  const largest = runs.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  for (const [found, most, what] of [
    [runs.length, MOST_MARKS, 'runs of data'],
    [others, MOST_MARKS, 'events that are no data'],
    [demand, MOST_MARKS, 'changes of demand'],
    [milliseconds, MOST_MILLISECONDS, 'ms'],
    [largest, MOST_BYTES, 'bytes at once'],
    [closing?.verdict.length ?? 0, MOST_CHARACTERS, 'characters in its verdict'],
    [detail, MOST_CHARACTERS, 'characters in what is told of a fault'],
  ] as const) {
    if (found > most) {
      throw new Trouble(`the recording is too long for a diagram: ${found} ${what}, and ${most} at most`);
    }
  }
}

const MOST_MARKS = 1000;
/** 23 days: a diagram may have a day more, for what comes a little later in the replay. */
const MOST_MILLISECONDS = 2_000_000_000;
const MOST_CHARACTERS = 1000;
