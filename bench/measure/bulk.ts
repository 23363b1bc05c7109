import { tally } from '../client/client.ts';
import type { BulkResult, BulkRun, Direction, Lost, StalledResult } from '../results.ts';
import { withServers } from '../server.ts';
import { SUITES, USUAL } from '../suites.ts';
import { carry, talkOf, type Load } from './carry.ts';
import { inTurn } from './rounds.ts';
import type { Stage } from './stage.ts';

/** Many bytes one way, under every cipher suite. */
export async function measureBulk(stage: Stage): Promise<readonly BulkResult[]> {
  const { bytes, bulkRounds, otherBulkRounds } = stage.plan;
  const results: BulkResult[] = [];
  for (const suite of SUITES)
    for (const direction of DIRECTIONS) {
      const rounds = suite === USUAL ? bulkRounds : otherBulkRounds;
      const { protocol, cipher } = suite;
      const carried = await carryAll(stage, { suite, direction, bytes, stall: 0 }, rounds);
      results.push(...carried.map((result) => ({ ...result, protocol, cipher, direction })));
    }
  return results;
}

/** The same, and the side that should read does not for a while: what is held meanwhile shows in the memory. */
export async function measureStalled(stage: Stage): Promise<readonly StalledResult[]> {
  const { bytes, stall, stalledRounds } = stage.plan;
  const results: StalledResult[] = [];
  for (const direction of DIRECTIONS) {
    const carried = await carryAll(stage, { suite: USUAL, direction, bytes, stall }, stalledRounds);
    results.push(...carried.map((result) => ({ ...result, direction })));
  }
  return results;
}

interface Carried {
  readonly contender: string;
  readonly lost: Lost;
  readonly runs: readonly BulkRun[];
}

/** A load carried by each contender that can; before the rounds once with an eighth of the bytes, which does not count. */
async function carryAll({ bed, contenders, say }: Stage, load: Load, rounds: number): Promise<readonly Carried[]> {
  const results: Carried[] = [];
  if (rounds === 0) return results;
  const { suite, direction, bytes, stall } = load;
  const able = contenders.filter((contender) => talkOf(contender, load, bed) !== undefined);
  await withServers(able, 'carry', bed, async (servers) => {
    const outcomes = await inTurn(servers, rounds + 1, async (server, round) => {
      const how = stall > 0 ? `, ${stall} s stalled` : '';
      say(`${bytes / 2 ** 20} MiB ${direction}, ${suite.name}${how}, round ${round}: ${server.contender.id}`);
      return carry(server, round === 0 ? { ...load, bytes: bytes / 8, stall: 0 } : load, bed);
    });
    for (const [{ contender }, [, ...counted]] of outcomes)
      results.push({
        contender: contender.id,
        lost: tally(counted.flatMap((outcome) => ('lost' in outcome ? [outcome.lost] : []))),
        runs: counted.flatMap((outcome) => ('lost' in outcome ? [] : [outcome])),
      });
  });
  return results;
}

const DIRECTIONS: readonly Direction[] = ['down', 'up'];
