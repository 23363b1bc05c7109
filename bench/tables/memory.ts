import type { BulkRun, Results } from '../results.ts';
import { median, most } from '../statistics.ts';
import { runsOf, usualRuns } from './bulk.ts';
import { figure, losses, ratio, rowsOf, table } from './markdown.ts';

/** Resident memory of the terminators, in MiB. */
export function memoryTable(results: Results): string {
  const { contenders, stalled, plan } = results;
  const bare = bareNodeMiB(results);
  const rows = rowsOf(
    contenders.filter(({ tls }) => tls),
    stalled,
    (_, { id }) => {
      const { all, idle, above } = memoryOf(results, id);
      const peaks = all.map((runs) => figure(most(runs.map(({ peakMiB }) => peakMiB)), 1));
      return [figure(idle, 1), ...peaks, figure(above, 1), ratio(idle, bare)];
    },
  );
  return (
    table(
      ['', 'idle', 'most: down', 'up', 'stalled, down', 'up', 'most above idle', 'idle ÷ node'],
      [['`node` that waits', figure(bare, 1), '', '', '', '', '', ratio(1, 1)], ...rows],
    ) +
    losses(contenders, stalled) +
    `\n\nMiB. ${plan.bytes / 2 ** 20} MiB are carried; stalled: who should read does not for ${plan.stall} s.`
  );
}

/** All runs of a contender; its median memory before the first byte, and the most that it grew in any of them. */
export function memoryOf(
  results: Results,
  id: string,
): { readonly all: readonly (readonly BulkRun[])[]; readonly idle: number; readonly above: number } {
  const moving = usualRuns(results, id);
  const stalled = runsOf(results.stalled.filter(({ contender }) => contender === id));
  const all = [moving.down, moving.up, stalled.down, stalled.up];
  const runs = all.flat();
  return {
    all,
    idle: median(runs.map(({ idleMiB }) => idleMiB)),
    above: most(runs.map(({ idleMiB, peakMiB }) => peakMiB - idleMiB)),
  };
}

/** The memory of a Node that waits; NaN when it was not measured. */
export const bareNodeMiB = ({ bareNode }: Results): number => median(bareNode.map(({ idleMiB }) => idleMiB));
