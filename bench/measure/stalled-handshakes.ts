import { client, tally } from '../client/client.ts';
import type { StalledHandshakesResult } from '../results.ts';
import { alone } from '../server.ts';
import { USUAL } from '../suites.ts';
import { withResidents, type Resident } from './residents.ts';
import type { Stage } from './stage.ts';

/** Whole connections while others say half a ClientHello, as in a slowloris attack; and when those are cut. */
export async function measureStalledHandshakes(stage: Stage): Promise<readonly StalledHandshakesResult[]> {
  const { silent, trickling, stalledHandshakeRounds, cutAfter } = stage.plan;
  const rounds = await withResidents(
    stage,
    `${silent + trickling} handshakes that stall`,
    stalledHandshakeRounds,
    async (resident) => beside(resident, stage),
    (contender) => contender.impatient?.(cutAfter) ?? contender,
  );
  return [...rounds].map(([contender, found]) => ({
    contender,
    lost: tally(found.flatMap(({ lost }) => lost)),
    without: found.flatMap(({ without }) => without),
    beside: found.flatMap((each) => each.beside),
    silentCut: found.flatMap(({ silentCut }) => silentCut),
    tricklingCut: found.flatMap(({ tricklingCut }) => tricklingCut),
    limited: found.every(({ limited }) => limited),
  }));
}

async function beside(
  { server, connections }: Resident,
  { bed, plan }: Stage,
): Promise<Omit<StalledHandshakesResult, 'contender' | 'lost'> & { readonly lost: readonly string[] }> {
  const { silent, trickling, besideStalled, cutAfter } = plan;
  const without = await connections(besideStalled);
  await alone(server);
  const order = { silent, trickling, patience: cutAfter / 1000 + GRACE };
  const found: (typeof without)[] = [];
  const cut = await client('stall', order, bed, { server, suite: USUAL }, async () => {
    found.push(await connections(besideStalled));
  });
  return {
    without: without.milliseconds,
    beside: found.flatMap(({ milliseconds }) => milliseconds),
    lost: [without, ...found].flatMap(({ lost }) => lost),
    silentCut: cut.silent,
    tricklingCut: cut.trickling,
    limited: server.contender.impatient !== undefined,
  };
}

/** Seconds that a server may take longer than it was told. */
const GRACE = 2;
