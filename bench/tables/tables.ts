import { median, quantile } from './statistics.ts';
import {
  AT_A_TIME,
  BARE_NODE,
  type BulkResult,
  type BulkRun,
  type ContenderFacts,
  type Direction,
  type Lost,
  type Results,
} from './results.ts';
import { SUITES, USUAL, type Suite } from './suites.ts';

/** The tables of docs/performance.md, as Markdown, by their names. What was not measured is said to be so. */
export const TABLES: Readonly<Record<string, (results: Results) => string>> = {
  machine: ({ machine: { date, cpu, cores, memoryGiB, kernel, versions, load } }) =>
    table(
      ['', ''],
      [
        ['measured', date],
        ['processor', `${cpu}, ${cores} cores`],
        ['memory', `${memoryGiB} GiB`],
        ['kernel', `Linux ${kernel}`],
        ['load before', load.join(', ')],
        ...Object.entries(versions),
      ],
    ),

  contenders: ({ contenders }) =>
    table(
      ['', 'how it is run'],
      contenders.map(({ label, about, missing }) => [label, missing === undefined ? about : `${about}: ${missing}`]),
    ),

  startup: ({ startup, contenders }) => {
    const bare = startup.find(({ contender }) => contender === BARE_NODE)?.milliseconds ?? [];
    const row = (label: string, milliseconds: readonly number[], lost: Lost): readonly string[] => [
      label,
      samples(milliseconds, 1),
      count(lost),
      ratio(median(milliseconds), median(bare)),
    ];
    return table(
      ['', 'ms', 'lost', '÷ node'],
      [
        row('`node` on an empty file, to its exit', bare, {}),
        ...rowsOf(contenders, startup, ([{ milliseconds, lost }], { label }) => row(label, milliseconds, lost)),
      ],
    );
  },

  connections: ({ connections, contenders }) => {
    const naive = connections.find(({ contender, atATime }) => contender === NAIVE && atATime === 1);
    return table(
      ['', 'ms', 'a second', `a second, ${AT_A_TIME} at a time`, "client's CPU", 'lost', '÷ naive, inetd-style'],
      rowsOf(contenders, connections, ([alone, ...others], { label }) => {
        const [together = alone] = others;
        return [
          label,
          samples(alone.milliseconds, 1),
          figure(median(alone.perSecond), 0),
          figure(median(together.perSecond), 0),
          `${percent(median(alone.clientCpu))}, ${percent(median(together.clientCpu))}`,
          count(alone.lost, together.lost),
          ratio(median(alone.milliseconds), median(naive?.milliseconds ?? [])),
        ];
      }),
    );
  },

  echo: ({ echo, contenders }) => {
    const naive = echo.find(({ contender }) => contender === NAIVE)?.microseconds ?? [];
    return table(
      ['', 'µs', 'lost', '÷ naive, inetd-style'],
      rowsOf(contenders, echo, ([{ microseconds, lost }], { label }) => [
        label,
        samples(microseconds, 0),
        count(lost),
        ratio(median(microseconds), median(naive)),
      ]),
    );
  },

  bulk: (results) => bulk(results, USUAL),

  'bulk of the other suites': (results) =>
    SUITES.filter((suite) => suite !== USUAL && results.bulk.some(isOf(suite)))
      .map((suite) => `**${suite.protocol.replace('v', ' ')}, ${suite.cipher}**\n\n${bulk(results, suite)}`)
      .join('\n\n'),

  cost: (results) => {
    const naive = usualRuns(results, NAIVE);
    return table(
      ['', 'down, with prog', 'alone', 'up, with prog', 'alone', '÷ naive, inetd-style: down', 'up'],
      rowsOf(results.contenders, results.bulk, (_, { id, label }) => {
        const { down, up } = usualRuns(results, id);
        const cpu = (runs: readonly BulkRun[]): number => median(runs.map(({ cpuPerGiB }) => cpuPerGiB));
        const alone = (runs: readonly BulkRun[]): string =>
          figure(median(runs.map(({ terminatorCpuPerGiB }) => terminatorCpuPerGiB)), 2);
        return [
          label,
          ...[figure(cpu(down), 2), alone(down), figure(cpu(up), 2), alone(up)],
          ...[ratio(cpu(down), cpu(naive.down)), ratio(cpu(up), cpu(naive.up))],
        ];
      }),
    );
  },

  memory: (results) => {
    const { contenders, stalled, bareNode } = results;
    const bare = bareNode.map(({ idleMiB }) => idleMiB);
    const most = (runs: readonly BulkRun[]): number => Math.max(...runs.map(({ peakMiB }) => peakMiB));
    const rows = rowsOf(
      contenders.filter(({ tls }) => tls),
      stalled,
      (_, { id, label }) => {
        const moving = usualRuns(results, id);
        const stopped = runsOf(stalled.filter(({ contender }) => contender === id));
        const all = [moving.down, moving.up, stopped.down, stopped.up];
        const idle = median(all.flat().map(({ idleMiB }) => idleMiB));
        const above = Math.max(...all.flat().map(({ idleMiB, peakMiB }) => peakMiB - idleMiB));
        return [
          label,
          figure(idle, 1),
          ...all.map((runs) => figure(most(runs), 1)),
          figure(above, 1),
          ratio(idle, median(bare)),
        ];
      },
    );
    return table(
      ['', 'idle', 'most, down', 'up', 'stalled, down', 'up', 'most above idle', 'idle ÷ node'],
      [['`node` that waits', figure(median(bare), 1), '', '', '', '', '', ratio(1, 1)], ...rows],
    );
  },

  ciphers: ({ ciphers }) =>
    table(
      ['', 'MB/s'],
      ciphers.map(({ cipher, megabytesPerSecond }) => [cipher, figure(megabytesPerSecond, 0)]),
    ),
};

/** Bulk runs under one suite. The ratios are to the fastest of {@link YARDSTICKS}. */
function bulk({ bulk: results, contenders }: Results, suite: Suite): string {
  const found = results.filter(isOf(suite));
  const speeds = (runs: readonly BulkRun[]): readonly number[] =>
    runs.map(({ megabytesPerSecond }) => megabytesPerSecond);
  const fastest = (direction: Direction): number =>
    Math.max(
      0,
      ...found
        .filter((result) => YARDSTICKS.includes(result.contender) && result.direction === direction)
        .map(({ runs }) => median(speeds(runs)))
        .filter((speed) => !Number.isNaN(speed)),
    );
  const busy = (runs: readonly BulkRun[]): string => percent(median(runs.map(({ clientCpu }) => clientCpu)));
  return table(
    ['', 'down, MB/s', 'up, MB/s', "client's CPU", 'lost', '÷ fastest of C: down', 'up'],
    rowsOf(contenders, found, (own, { label }) => {
      const { down, up } = runsOf(own);
      return [
        label,
        range(speeds(down)),
        range(speeds(up)),
        `${busy(down)}, ${busy(up)}`,
        count(...own.map(({ lost }) => lost)),
        ratio(median(speeds(down)), fastest('down')),
        ratio(median(speeds(up)), fastest('up')),
      ];
    }),
  );
}

const runsOf = (
  results: readonly { direction: Direction; runs: readonly BulkRun[] }[],
): Record<Direction, readonly BulkRun[]> => {
  const of = (wanted: Direction): readonly BulkRun[] =>
    results.filter(({ direction }) => direction === wanted).flatMap(({ runs }) => runs);
  return { down: of('down'), up: of('up') };
};

const usualRuns = ({ bulk: results }: Results, id: string): Record<Direction, readonly BulkRun[]> =>
  runsOf(results.filter(isOf(USUAL)).filter(({ contender }) => contender === id));

const isOf =
  (suite: Suite) =>
  ({ protocol, cipher }: BulkResult): boolean =>
    protocol === suite.protocol && cipher === suite.cipher;

/** A row for each contender: what was found of it, or why there is nothing. */
function rowsOf<Found extends { readonly contender: string }>(
  contenders: readonly ContenderFacts[],
  results: readonly Found[],
  row: (found: readonly [Found, ...Found[]], facts: ContenderFacts) => readonly string[],
): readonly (readonly string[])[] {
  return contenders.flatMap((facts) => {
    if (facts.missing !== undefined) return [[facts.label, facts.missing]];
    const [first, ...others] = results.filter(({ contender }) => contender === facts.id);
    return first === undefined ? [] : [row([first, ...others], facts)];
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${head.map((_, place) => cells[place] ?? '').join(' | ')} |`;
  return [
    line(head),
    line(head.map((_, place) => (place === 0 || head.length === 2 ? '---' : '---:'))),
    ...rows.map(line),
  ].join('\n');
}

const figure = (number: number, digits: number): string => (Number.isFinite(number) ? number.toFixed(digits) : '–');

const ratio = (number: number, base: number): string => figure(number / base, 2);

const percent = (share: number): string => (Number.isFinite(share) ? `${figure(100 * share, 0)} %` : '–');

/** Median, and from the 10th to the 90th percentile. */
const samples = (numbers: readonly number[], digits: number): string =>
  spread(numbers, digits, quantile(numbers, 0.1), quantile(numbers, 0.9));

/** Median, and from the least to the most: for few numbers. */
const range = (numbers: readonly number[]): string => spread(numbers, 0, Math.min(...numbers), Math.max(...numbers));

const spread = (numbers: readonly number[], digits: number, from: number, to: number): string =>
  numbers.length === 0 ? '–' : `${figure(median(numbers), digits)} (${figure(from, digits)} to ${figure(to, digits)})`;

const count = (...lost: readonly Lost[]): string =>
  String(lost.flatMap((each) => Object.values(each)).reduce((sum, each) => sum + each, 0));

const NAIVE = 'naive-inetd';

/** Whose fastest is to be reached: what people use today. */
const YARDSTICKS: readonly string[] = ['stunnel-inetd', 'socat', 's6-networking'];
