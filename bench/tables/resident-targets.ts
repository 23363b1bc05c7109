import { AT_A_TIME } from '../plan.ts';
import { RESIDENT, type Results } from '../results.ts';
import { median } from '../statistics.ts';
import { medianOf } from './markdown.ts';
import { descriptorsLeft, growth, kibibytesEach } from './resident.ts';
import type { Target } from './target.ts';

/** What s6-tlsserver is to reach. None when it was not among those that were to be measured. */
export function residentTargets(results: Results): readonly Target[] {
  const { contenders, connections, held, inARow, stalledHandshakes, plan } = results;
  if (!contenders.some(({ id }) => id === RESIDENT)) return [];
  const ours = <Found extends { readonly contender: string }>(found: readonly Found[]): Found | undefined =>
    found.find(({ contender }) => contender === RESIDENT);
  const alone = connections.filter(({ atATime }) => atATime === 1);
  const whole = (id: string): number => medianOf(alone, id, ({ milliseconds }) => milliseconds);
  const row = ours(inARow);
  const stalled = ours(stalledHandshakes);
  const others = plan.silent + plan.trickling;
  return [
    {
      what: 's6-tlsserver: whole connection ÷ stunnel, daemon',
      wanted: 'at most',
      bound: 1,
      measured: whole(RESIDENT) / whole(STUNNEL),
    },
    ...[1, AT_A_TIME].map((atATime) => rateTarget(results, atATime)),
    {
      what: `memory of each of ${plan.held} connections at once`,
      wanted: 'at most',
      bound: 150,
      measured: median((ours(held)?.runs ?? []).map(kibibytesEach)),
      unit: ' KiB',
    },
    {
      what: `growth in ${plan.inARow} connections in a row, each`,
      wanted: 'at most',
      bound: FLAT,
      measured: row === undefined ? NaN : growth(row),
      unit: ' B',
    },
    {
      what: `descriptors left after ${plan.inARow} connections`,
      wanted: 'at most',
      bound: 0,
      measured: row === undefined ? NaN : descriptorsLeft(row),
      unit: ' left',
    },
    {
      what: `whole connection beside ${others} stalled handshakes ÷ without`,
      wanted: 'at most',
      bound: 1.1,
      measured: median(stalled?.beside ?? []) / median(stalled?.without ?? []),
    },
    {
      what: 'stalled handshakes that `-K` cut, share',
      wanted: 'at least',
      bound: 1,
      measured:
        stalled === undefined
          ? NaN
          : (stalled.silentCut.length + stalled.tricklingCut.length) / (others * plan.stalledHandshakeRounds),
    },
  ];
}

/** Against the faster of socat's rows at this concurrency. */
function rateTarget({ connections, contenders }: Results, atATime: number): Target {
  const found = connections.filter((result) => result.atATime === atATime);
  const rate = (id: string): number => medianOf(found, id, ({ perSecond }) => perSecond);
  const [fastest] = contenders
    .filter(({ id }) => SOCATS.includes(id) && !Number.isNaN(rate(id)))
    .sort((one, other) => rate(other.id) - rate(one.id));
  const how = atATime === 1 ? 'one' : String(atATime);
  return {
    what: `connections a second, ${how} at a time ÷ ${fastest?.label ?? 'socat'}`,
    wanted: 'at least',
    bound: 1.3,
    measured: rate(RESIDENT) / rate(fastest?.id ?? ''),
  };
}

const STUNNEL = 'stunnel';
const SOCATS: readonly string[] = ['socat', 'socat-tuned'];

/** Bytes a connection that count as flat: 1 MiB in 20,000 connections is 52. */
const FLAT = 100;
