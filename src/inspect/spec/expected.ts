import type { Expected } from '../../diagram/scenario.ts';
import type { Lettering, Run } from '../chunks.ts';
import { drawn } from '../marks.ts';
import type { Recording } from '../recording.ts';
import { TRACE_ROWS } from '../trace-rows.ts';

/** One thing we did about it; `index` is that of its event. */
export interface Done {
  readonly symbol: string;
  readonly index: number;
}

/** What was recorded in the rows that a diagram can expect; a run of chunks is one mark. */
export function expectedRows({ events }: Recording, letters: Lettering): ReadonlyMap<Expected, readonly Done[]> {
  const rows = new Map<Expected, Done[]>();
  const begun = new Map<Expected, Set<Run>>();
  for (const [index, event] of events.entries()) {
    if (!STREAMS.has(event.stream)) continue;
    const label = TRACE_ROWS[event.stream]?.label as Expected;
    const run = event.kind === 'data' ? letters.runOf.get(event) : undefined;
    if (run !== undefined) {
      const runs = begun.get(label) ?? new Set();
      if (runs.has(run)) continue;
      begun.set(label, runs.add(run));
    }
    const row = rows.get(label) ?? [];
    rows.set(label, row);
    row.push({ symbol: drawn(event, letters).symbol, index });
  }
  return rows;
}

const STREAMS: ReadonlySet<string> = new Set([
  'startProg',
  'toPeer',
  'toProg',
  'demandPeer',
  'demandProg',
  'progSignal',
  'hangUp',
]);
