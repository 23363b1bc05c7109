import { AT_A_TIME } from '../plan.ts';
import { BARE_NODE, type Results } from '../results.ts';
import { median } from '../statistics.ts';
import { figure, losses, lostIn, medianOf, NAIVE, percent, ratio, rowsOf, samples, table } from './markdown.ts';

/** From exec to the first byte of the ServerHello. */
export function startupTable({ startup, contenders, plan }: Results): string {
  const bare = startup.find(({ contender }) => contender === BARE_NODE)?.milliseconds ?? [];
  const rows = rowsOf(
    contenders.filter(({ perConnection }) => perConnection),
    startup,
    ([{ milliseconds, lost }]) => [
      samples(milliseconds, 1),
      lostIn([{ lost }]),
      ratio(median(milliseconds), median(bare)),
    ],
  );
  return (
    table(
      ['', 'ms', 'lost', '÷ node'],
      [['`node` on an empty file, to its exit', samples(bare, 1), '0', ratio(1, 1)], ...rows],
    ) +
    losses(contenders, startup) +
    `\n\nMedian, and 10th to 90th percentile, of ${plan.startRounds} × ${plan.starts} starts.`
  );
}

/** Whole connections. */
export function connectionsTable({ connections, contenders, plan }: Results): string {
  const naive = medianOf(
    connections.filter(({ atATime }) => atATime === 1),
    NAIVE,
    ({ milliseconds }) => milliseconds,
  );
  const rows = rowsOf(contenders, connections, (own) => {
    const [alone, together = alone] = own;
    return [
      samples(alone.milliseconds, 1),
      figure(median(alone.perSecond), 0),
      figure(median(together.perSecond), 0),
      `${percent(median(alone.clientCpu))}, ${percent(median(together.clientCpu))}`,
      lostIn(own),
      ratio(median(alone.milliseconds), naive),
    ];
  });
  return (
    table(
      ['', 'ms', 'a second', `${AT_A_TIME} at a time: a second`, 'CPU of the client', 'lost', '÷ naive, inetd-style'],
      rows,
    ) +
    losses(contenders, connections) +
    `\n\nOne after the other: median, and 10th to 90th percentile, of ${plan.rounds} × ${plan.sequential} connections. ` +
    `${AT_A_TIME} at a time: ${plan.rounds} × ${plan.parallel}. CPU of the client: of one core, one at a time and ${AT_A_TIME}.` +
    (contenders.some(({ resident }) => resident)
      ? ` Servers that stay had ${plan.warmUp} connections before, which do not count.`
      : '')
  );
}

/** Round trips on an established connection. */
export function echoTable({ echo, contenders, plan }: Results): string {
  const naive = medianOf(echo, NAIVE, ({ microseconds }) => microseconds);
  const rows = rowsOf(contenders, echo, ([{ microseconds, lost }]) => [
    samples(microseconds, 0),
    lostIn([{ lost }]),
    ratio(median(microseconds), naive),
  ]);
  return (
    table(['', 'µs', 'lost', '÷ naive, inetd-style'], rows) +
    losses(contenders, echo) +
    `\n\nMedian, and 10th to 90th percentile, of ${plan.rounds} connections with ${plan.trips} round trips each.`
  );
}
