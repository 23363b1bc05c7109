import { client, tally } from '../client/client.ts';
import type { HeldResult, HeldRun } from '../results.ts';
import { USUAL } from '../suites.ts';
import { line, PATIENCE } from './connections.ts';
import { holdings, holdingsAlone, withResidents, type Resident } from './residents.ts';
import type { Stage } from './stage.ts';

/** The memory of many connections that are open at once. */
export async function measureHeld(stage: Stage): Promise<readonly HeldResult[]> {
  const { held, heldRounds } = stage.plan;
  const rounds = await withResidents(stage, `${held} connections at once`, heldRounds, async (resident) =>
    hold(resident, stage),
  );
  return [...rounds].map(([contender, found]) => ({
    contender,
    lost: tally(found.flatMap(({ lost }) => lost)),
    runs: found.map(({ run }) => run),
  }));
}

async function hold(
  { server }: Resident,
  { bed, plan }: Stage,
): Promise<{ readonly run: HeldRun; readonly lost: readonly string[] }> {
  const idle = await holdingsAlone(server);
  const looks: number[] = [];
  const order = { count: plan.held, warm_up: 0, patience: PATIENCE, ...line(server.contender) };
  const { open, seconds, lost } = await client('hold', order, bed, { server, suite: USUAL }, () => {
    looks.push(holdings(server).memoryMiB);
  });
  const after = await holdingsAlone(server);
  const [heldMiB = NaN] = looks;
  return { run: { open, seconds, idleMiB: idle.memoryMiB, heldMiB, afterMiB: after.memoryMiB }, lost };
}
