import { tally } from '../client/client.ts';
import { CHECKPOINTS, type Plan } from '../plan.ts';
import { RESIDENT, type Checkpoint, type InARowResult } from '../results.ts';
import { holdingsAlone, withResidents, type Resident } from './residents.ts';
import type { Stage } from './stage.ts';

/** Memory and descriptors of a server while thousands of connections come, one after the other. */
export async function measureInARow(stage: Stage): Promise<readonly InARowResult[]> {
  const rounds = await withResidents(stage, 'connections in a row', 1, async (resident) => row(resident, stage.plan));
  return [...rounds].flatMap(([contender, found]) => found.map((each) => ({ contender, ...each })));
}

async function row(
  { server, connections }: Resident,
  { inARow, inARowOfOthers }: Plan,
): Promise<Omit<InARowResult, 'contender'>> {
  const count = server.contender.id === RESIDENT ? inARow : inARowOfOthers;
  const checkpoints: Checkpoint[] = [{ connections: 0, ...(await holdingsAlone(server)) }];
  const lost: string[] = [];
  let seconds = 0;
  for (let place = 1; place <= CHECKPOINTS; place += 1) {
    const batch = await connections(count / CHECKPOINTS);
    lost.push(...batch.lost);
    seconds += batch.seconds;
    checkpoints.push({ connections: (place * count) / CHECKPOINTS, ...(await holdingsAlone(server)) });
  }
  return { lost: tally(lost), seconds, checkpoints };
}
