import { CHECKPOINTS } from '../plan.ts';
import type { Checkpoint, HeldRun, InARowResult, Results } from '../results.ts';
import { median, most, slope } from '../statistics.ts';
import { figure, losses, lostIn, range, ratio, rowsOf, samples, table } from './markdown.ts';

/** The memory of connections that are open at once. */
export function heldTable({ held, contenders, plan }: Results): string {
  if (held.length === 0) return NOT_MEASURED;
  const rows = rowsOf(
    contenders.filter(({ resident }) => resident),
    held,
    ([{ runs, lost }]) => {
      const middle = (of: (run: HeldRun) => number): number => median(runs.map(of));
      return [
        range(runs.map(kibibytesEach), 0),
        figure(
          middle(({ idleMiB }) => idleMiB),
          1,
        ),
        figure(
          middle(({ heldMiB }) => heldMiB),
          1,
        ),
        figure(
          middle(({ afterMiB }) => afterMiB),
          1,
        ),
        figure(
          middle(({ open, seconds }) => open / seconds),
          0,
        ),
        lostIn([{ lost }]),
      ];
    },
  );
  return (
    table(['', 'KiB each', 'idle, MiB', 'all open', 'all ended', 'opened a second', 'lost'], rows) +
    losses(contenders, held) +
    `\n\nResident memory of the server's processes, without prog, after ${plan.warmUp} connections one after the other; with ${plan.held} ` +
    'open, one opened after the other, each with a finished handshake and two lines echoed; and when they had ended. ' +
    `${plan.heldRounds === 1 ? 'One new server' : `${plan.heldRounds} new servers`}.`
  );
}

/** Memory and descriptors while connections come in a row. */
export function inARowTable({ inARow, contenders, plan }: Results): string {
  if (inARow.length === 0) return NOT_MEASURED;
  const rows = rowsOf(
    contenders.filter(({ resident }) => resident),
    inARow,
    ([result]) => {
      const { checkpoints, seconds, lost } = result;
      const [first, last] = [checkpoints[0], checkpoints.at(-1)];
      const memories = checkpoints.map(({ memoryMiB }) => memoryMiB);
      return [
        figure(last?.connections ?? NaN, 0),
        figure((last?.connections ?? NaN) / seconds, 0),
        figure(first?.memoryMiB ?? NaN, 1),
        figure(last?.memoryMiB ?? NaN, 1),
        figure(most(memories), 1),
        figure(growth(result), 0),
        figure(descriptorsLeft(result), 0),
        lostIn([{ lost }]),
      ];
    },
  );
  const head = [
    '',
    'connections',
    'a second',
    'MiB before',
    'after',
    'most',
    'bytes a connection',
    'descriptors left',
    'lost',
  ];
  return (
    table(head, rows) +
    losses(contenders, inARow) +
    `\n\nLooked at ${CHECKPOINTS + 1} times, when nobody was connected, and for the first time after ${plan.warmUp} connections. Bytes a ` +
    `connection: the median of the slopes between any two looks, from the ${SETTLED}th connection on.`
  );
}

/** Whole connections beside handshakes that do not get done. */
export function stalledHandshakesTable({ stalledHandshakes, contenders, plan }: Results): string {
  if (stalledHandshakes.length === 0) return NOT_MEASURED;
  const { silent, trickling, stalledHandshakeRounds: rounds, besideStalled } = plan;
  const rows = rowsOf(
    contenders.filter(({ resident }) => resident),
    stalledHandshakes,
    ([{ without, beside, silentCut, tricklingCut, limited, lost }]) => [
      samples(without, 1),
      samples(beside, 1),
      ratio(median(beside), median(without)),
      ...[silentCut, tricklingCut].map((cut) => (limited ? cutIn(cut) : 'no limit set')),
      lostIn([{ lost }]),
    ],
  );
  const head = [
    '',
    'ms without',
    'ms beside them',
    'ratio',
    'silent: cut after, s',
    'a byte a second: cut after, s',
    'lost',
  ];
  return (
    table(head, rows) +
    losses(contenders, stalledHandshakes) +
    `\n\nMedian, and 10th to 90th percentile, of ${rounds} × ${besideStalled} connections, one after the other; beside them ` +
    `${silent} handshakes stop after half a ClientHello, and ${trickling} go on by a byte a second. The limit is ` +
    `${plan.cutAfter / 1000} s. Cut: how many of ${rounds} × ${silent} and of ${rounds} × ${trickling}, and the least and most seconds after they had connected.`
  );
}

const cutIn = (seconds: readonly number[]): string =>
  seconds.length === 0 ? '0' : `${seconds.length}: ${figure(Math.min(...seconds), 1)} to ${figure(most(seconds), 1)}`;

/** KiB that each connection takes above the idle server. */
export const kibibytesEach = ({ open, heldMiB, idleMiB }: HeldRun): number => ((heldMiB - idleMiB) * 1024) / open;

/** Bytes that a server grows by for each connection, once it has had {@link SETTLED}; NaN when it was not seen twice after that. */
export const growth = ({ checkpoints }: InARowResult): number =>
  slope(
    checkpoints
      .filter(({ connections }) => connections >= SETTLED)
      .map(({ connections, memoryMiB }) => ({ x: connections, y: memoryMiB * 2 ** 20 })),
  );

/** How many descriptors a server has more than before. */
export const descriptorsLeft = ({ checkpoints }: InARowResult): number =>
  descriptors(checkpoints.at(-1)) - descriptors(checkpoints[0]);

const descriptors = (checkpoint: Checkpoint | undefined): number => checkpoint?.descriptors ?? NaN;

/** Connections after which V8's heap has its size, and its collections their rhythm. Found with the naive server: 2,500. */
const SETTLED = 3000;

const NOT_MEASURED = 'Not measured in this run.';
