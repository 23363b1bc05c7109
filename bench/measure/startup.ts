import { client, tally } from '../client/client.ts';
import { BARE_NODE, type StartupResult } from '../results.ts';
import { PROGS } from '../server.ts';
import { inTurn } from './rounds.ts';
import type { Stage } from './stage.ts';

/** From exec to the first byte of the ServerHello, of all that need a super-server; and Node alone, from exec to exit. */
export async function measureStartup({ bed, plan, contenders, say }: Stage): Promise<readonly StartupResult[]> {
  const starts = contenders.flatMap(({ id, perConnection }) =>
    perConnection === undefined
      ? []
      : [{ id, mode: 'startup', argv: perConnection(PROGS.echo, { ...bed, port: 0 }) } as const],
  );
  const bare = { id: BARE_NODE, mode: 'execute', argv: [process.execPath, bed.emptyFile] } as const;
  const rounds = await inTurn([bare, ...starts], plan.startRounds, async ({ id, mode, argv }, round) => {
    say(`${plan.starts} starts, round ${round + 1}: ${id}`);
    return client(mode, { argv, count: plan.starts, warm_up: 1, patience: PATIENCE }, bed);
  });
  return [...rounds].map(([{ id }, batches]) => ({
    contender: id,
    lost: tally(batches.flatMap(({ lost }) => lost)),
    milliseconds: batches.flatMap(({ milliseconds }) => milliseconds),
  }));
}

/** Seconds for one start. */
const PATIENCE = 5;
