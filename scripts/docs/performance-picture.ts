import { AT_A_TIME } from '../../bench/plan.ts';
import { BARE_NODE, type ContenderFacts, type Results } from '../../bench/results.ts';
import { median, most, quantile } from '../../bench/statistics.ts';
import { speeds, usualRuns } from '../../bench/tables/bulk.ts';
import { isOurs, MISSING } from '../../bench/tables/markdown.ts';
import { memoryOf } from '../../bench/tables/memory.ts';
import { kibibytesEach } from '../../bench/tables/resident.ts';
import { barChart, type Bar, type BarRow, type Panel } from './bar-chart.ts';

/** Start-up, connections, bulk and memory of all contenders, as a drawing and in words. */
export function performancePicture(results: Results): { readonly svg: string; readonly description: string } {
  const { startup, connections, plan, machine } = results;
  const size = `${plan.bytes / 2 ** 20} MiB`;
  // Without TLS bulk is so fast that the bars of all others would look the same.
  const secured = results.contenders.filter(({ tls }) => tls);
  const residents = secured.filter(({ resident }) => resident);
  const whole = connections.filter(({ atATime }) => atATime === 1);
  const node = startup
    .filter(({ contender }) => contender === BARE_NODE)
    .map(({ milliseconds }) => bar(milliseconds, 1));
  const panels: readonly Panel[] = [
    {
      title: 'From exec to the ServerHello, ms (less is better)',
      rows: [
        ...node.map((own): BarRow => ({ label: 'node, an empty file', bars: [own] })),
        ...rows(
          results.contenders.filter(({ perConnection }) => perConnection),
          (id) => startup.filter(({ contender }) => contender === id).map(({ milliseconds }) => bar(milliseconds, 1)),
        ),
      ],
    },
    {
      title: 'A whole connection, ms (less is better)',
      rows: rows(results.contenders, (id) =>
        whole.filter(({ contender }) => contender === id).map(({ milliseconds }) => bar(milliseconds, 1)),
      ),
    },
    {
      title: `${size}, MB/s: down, and up (more is better)`,
      rows: rows(secured, (id) => {
        if (!results.bulk.some(({ contender }) => contender === id)) return [];
        const { down, up } = usualRuns(results, id);
        return [down, up].map((runs) => fewBar(speeds(runs)));
      }),
    },
    {
      title: 'Memory, MiB: idle, and the most (less is better)',
      rows: rows(secured, (id) => {
        const { all, idle } = memoryOf(results, id);
        const peak = most(all.flat().map(({ peakMiB }) => peakMiB));
        return Number.isNaN(peak) ? [] : [exactly(idle), exactly(peak)];
      }),
    },
    {
      title: `Memory of each of ${plan.held} open connections, KiB (less is better)`,
      rows: rows(residents, (id) =>
        results.held.filter(({ contender }) => contender === id).map(({ runs }) => fewBar(runs.map(kibibytesEach))),
      ),
    },
    {
      title: `Connections a second, ${AT_A_TIME} at a time (more is better)`,
      rows: rows(residents.length === 0 ? [] : secured, (id) =>
        connections
          .filter(({ contender, atATime }) => contender === id && atATime === AT_A_TIME)
          .map(({ perSecond }) => fewBar(perSecond)),
      ),
    },
  ].filter((panel) => panel.rows.length > 0);
  const title = `s6-tlsd beside others: ${machine.cpu}, ${machine.cores} cores, ${machine.date.slice(0, 10)}`;
  const description = [title, ...panels.map(inWords)].join('. ');
  return { svg: barChart({ title, description, panels, caption: CAPTION }), description };
}

const rows = (contenders: readonly ContenderFacts[], barsOf: (id: string) => readonly Bar[]): readonly BarRow[] =>
  contenders
    .map(({ id, label, missing }): BarRow => {
      if (missing !== undefined) return { label, bars: [], instead: MISSING };
      const all = barsOf(id);
      const bars = all.filter(({ value }) => !Number.isNaN(value));
      if (all.length > 0 && bars.length === 0) return { label, bars, instead: 'every answer was lost' };
      return { label, bars, ...(isOurs(id) && { ours: true }) };
    })
    .filter(({ bars, instead }) => bars.length > 0 || instead !== undefined);

/** Median, and from the 10th to the 90th percentile; no value without numbers. */
const bar = (numbers: readonly number[], digits: number): Bar => ({
  value: median(numbers),
  from: quantile(numbers, 0.1),
  to: quantile(numbers, 0.9),
  text: median(numbers).toFixed(digits),
});

/** Median, and from the least to the most. */
const fewBar = (numbers: readonly number[]): Bar => ({
  ...bar(numbers, 0),
  from: Math.min(...numbers),
  to: Math.max(...numbers),
});

const exactly = (value: number): Bar => ({ value, from: value, to: value, text: value.toFixed(0) });

const inWords = ({ title, rows: all }: Panel): string =>
  `${title}: ${all.map(({ label, bars, instead }) => `${label} ${instead ?? bars.map(({ text }) => text).join(' and ')}`).join('; ')}`;

const CAPTION =
  'Bars are medians. Lines: 10th to 90th percentile; of MB/s, least to most. Two bars: in the order of the title.';
