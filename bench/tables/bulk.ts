import type { BulkResult, BulkRun, Direction, Results } from '../results.ts';
import { median } from '../statistics.ts';
import { SUITES, USUAL, type Suite } from '../suites.ts';
import { figure, losses, lostIn, NAIVE, percent, range, ratio, rowsOf, table } from './markdown.ts';

/** Many bytes one way, under one suite. The ratios are to the fastest of {@link YARDSTICKS}. */
export function bulkTable({ bulk, contenders, plan }: Results, suite: Suite = USUAL): string {
  const found = bulk.filter(isOf(suite));
  const busy = (runs: readonly BulkRun[]): string => percent(median(runs.map(({ clientCpu }) => clientCpu)));
  const rows = rowsOf(contenders, found, (own) => {
    const { down, up } = runsOf(own);
    return [
      range(speeds(down), 0),
      range(speeds(up), 0),
      `${busy(down)}, ${busy(up)}`,
      lostIn(own),
      ratio(median(speeds(down)), fastest(found, 'down')),
      ratio(median(speeds(up)), fastest(found, 'up')),
    ];
  });
  const rounds = suite === USUAL ? plan.bulkRounds : plan.otherBulkRounds;
  return (
    table(['', 'down, MB/s', 'up, MB/s', 'CPU of the client', 'lost', '÷ fastest of C: down', 'up'], rows) +
    losses(contenders, found) +
    `\n\nMedian, and least to most, of ${rounds} × ${plan.bytes / 2 ** 20} MiB. CPU of the client: of one core, down and up.`
  );
}

export const otherBulkTables = (results: Results): string =>
  SUITES.filter((suite) => suite !== USUAL && results.bulk.some(isOf(suite)))
    .map((suite) => `### ${suite.protocol.replace('v', ' ')}, ${suite.cipher}\n\n${bulkTable(results, suite)}`)
    .join('\n\n');

/** CPU time of the side of the server. */
export function costTable(results: Results): string {
  const naive = usualRuns(results, NAIVE);
  const rows = rowsOf(results.contenders, results.bulk.filter(isOf(USUAL)), (own) => {
    const { down, up } = runsOf(own);
    return [
      ...[figure(cpuPerGiB(down), 2), alone(down), figure(cpuPerGiB(up), 2), alone(up)],
      ...[ratio(cpuPerGiB(down), cpuPerGiB(naive.down)), ratio(cpuPerGiB(up), cpuPerGiB(naive.up))],
    ];
  });
  return table(['', 'down', 'without prog', 'up', 'without prog', '÷ naive, inetd-style: down', 'up'], rows);
}

/** Bulk runs under {@link USUAL}, by direction. */
export const usualRuns = ({ bulk }: Results, id: string): Runs =>
  runsOf(bulk.filter(isOf(USUAL)).filter(({ contender }) => contender === id));

export type Runs = Readonly<Record<Direction, readonly BulkRun[]>>;

export function runsOf(results: readonly { direction: Direction; runs: readonly BulkRun[] }[]): Runs {
  const of = (wanted: Direction): readonly BulkRun[] =>
    results.filter(({ direction }) => direction === wanted).flatMap(({ runs }) => runs);
  return { down: of('down'), up: of('up') };
}

/** The median speed, under {@link USUAL}, of the fastest of {@link YARDSTICKS}; NaN when none of them was measured. */
export const fastestOfUsual = ({ bulk }: Results, direction: Direction): number =>
  fastest(bulk.filter(isOf(USUAL)), direction);

const fastest = (found: readonly BulkResult[], wanted: Direction): number =>
  found
    .filter(({ contender, direction }) => YARDSTICKS.includes(contender) && direction === wanted)
    .map(({ runs }) => median(speeds(runs)))
    .filter((speed) => !Number.isNaN(speed))
    .reduce((most, speed) => (most > speed ? most : speed), NaN);

export const speeds = (runs: readonly BulkRun[]): readonly number[] =>
  runs.map(({ megabytesPerSecond }) => megabytesPerSecond);

export const cpuPerGiB = (runs: readonly BulkRun[]): number => median(runs.map((run) => run.cpuPerGiB));

const alone = (runs: readonly BulkRun[]): string =>
  figure(median(runs.map(({ terminatorCpuPerGiB }) => terminatorCpuPerGiB)), 2);

const isOf =
  (suite: Suite) =>
  ({ protocol, cipher }: BulkResult): boolean =>
    protocol === suite.protocol && cipher === suite.cipher;

/** What people use today, as it is packaged. */
const YARDSTICKS: readonly string[] = ['stunnel-inetd', 'socat', 's6-networking'];
