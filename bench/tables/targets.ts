import { BARE_NODE, type Results } from '../results.ts';
import { median } from '../statistics.ts';
import { cpuPerGiB, fastestOfUsual, speeds, usualRuns } from './bulk.ts';
import { figure, medianOf, NAIVE, OURS, table } from './markdown.ts';
import { bareNodeMiB, memoryOf } from './memory.ts';
import { residentTargets } from './resident-targets.ts';
import type { Target } from './target.ts';

/** What s6-tlsd and s6-tlsserver are to reach, and whether they do. */
export function targetsTable(results: Results): string {
  return table(
    ['', 'target', 'measured', ''],
    [...targets(results), ...residentTargets(results)].map(({ what, wanted, bound, measured, unit = '' }) => [
      what,
      `${wanted === 'at most' ? '≤' : '≥'} ${figure(bound, unit === '' ? 2 : 0)}${unit}`,
      `${figure(measured, unit === '' ? 2 : 1)}${unit}`,
      verdict(measured, wanted, bound),
    ]),
  );
}

function targets(results: Results): readonly Target[] {
  const { startup, connections, echo } = results;
  const start = (id: string): number => medianOf(startup, id, ({ milliseconds }) => milliseconds);
  const whole = (id: string): number =>
    medianOf(
      connections.filter(({ atATime }) => atATime === 1),
      id,
      ({ milliseconds }) => milliseconds,
    );
  const trip = (id: string): number => medianOf(echo, id, ({ microseconds }) => microseconds);
  const [ours, naive] = [usualRuns(results, OURS), usualRuns(results, NAIVE)];
  const { idle, above } = memoryOf(results, OURS);
  const bare = bareNodeMiB(results);
  return [
    {
      what: 'start-up ÷ `node` on an empty file',
      wanted: 'at most',
      bound: 1.6,
      measured: start(OURS) / start(BARE_NODE),
    },
    {
      what: 'whole connection ÷ naive Node, inetd-style',
      wanted: 'at most',
      bound: 0.7,
      measured: whole(OURS) / whole(NAIVE),
    },
    { what: 'round trip ÷ naive Node, inetd-style', wanted: 'at most', bound: 1.1, measured: trip(OURS) / trip(NAIVE) },
    ...(['down', 'up'] as const).flatMap((direction): Target[] => [
      {
        what: `bulk ${direction} ÷ fastest of stunnel, socat, reference`,
        wanted: 'at least',
        bound: 1,
        measured: median(speeds(ours[direction])) / fastestOfUsual(results, direction),
      },
      {
        what: `CPU per GiB ${direction} ÷ naive Node, inetd-style`,
        wanted: 'at most',
        bound: 1,
        measured: cpuPerGiB(ours[direction]) / cpuPerGiB(naive[direction]),
      },
    ]),
    { what: 'idle memory', wanted: 'at most', bound: bare + 20, measured: idle, unit: ' MiB' },
    { what: 'memory above idle', wanted: 'at most', bound: 32, measured: above, unit: ' MiB' },
  ];
}

function verdict(measured: number, wanted: Target['wanted'], bound: number): string {
  if (Number.isNaN(measured)) return 'not measured';
  return (wanted === 'at most' ? measured <= bound : measured >= bound) ? 'met' : '**missed**';
}
