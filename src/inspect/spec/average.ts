import type { TraceEvent } from '../../trace/format.ts';
import type { Lettering, Run } from '../chunks.ts';

/**
 * Letters for more runs than there are letters: all runs of one side that went on share one letter and their average size, but for the
 * last, which has what is missing from the sum; so do those that were thrown away. The bytes in all are what they were.
 */
export function averaged({ runs, runOf }: Lettering): Lettering {
  const wentOn = new Set([...runOf].flatMap(([event, run]) => (isPassedOn(event) ? [run] : [])));
  const renamed = new Map<Run, Run>();
  for (const [from, passed, often, last] of CLASSES) {
    const own = runs.filter((run) => run.from === from && wentOn.has(run) === passed);
    const total = own.reduce((sum, { bytes }) => sum + bytes, 0);
    const average = Math.floor(total / own.length);
    own.forEach((run, i) => {
      const isLast = i === own.length - 1;
      const bytes = isLast ? total - average * (own.length - 1) : average;
      renamed.set(run, { ...run, letter: isLast ? last : often, bytes });
    });
  }
  const renewed = (run: Run): Run => renamed.get(run) ?? run;
  return {
    runs: runs.map(renewed),
    runOf: new Map([...runOf].map(([event, run]) => [event, renewed(run)])),
    merged: true,
    repeated: true,
  };
}

const isPassedOn = ({ stream, kind }: TraceEvent): boolean =>
  kind === 'data' && (stream === 'toProg' || stream === 'toPeer');

/** Whose runs, whether they went on, the letter of most of them, and that of the last. */
const CLASSES: readonly (readonly [Run['from'], boolean, string, string])[] = [
  ['peer', true, 'x', 'y'],
  ['peer', false, 'z', 'w'],
  ['prog', true, 'a', 'b'],
  ['prog', false, 'c', 'd'],
];
