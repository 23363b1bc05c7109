import { client, tally } from '../client/client.ts';
import { servesMany, type Contender } from '../contender.ts';
import { AT_A_TIME } from '../plan.ts';
import type { ConnectionsResult, EchoResult } from '../results.ts';
import { withServers } from '../server.ts';
import { USUAL } from '../suites.ts';
import { inTurn } from './rounds.ts';
import type { Stage } from './stage.ts';

/** Whole connections: a line to `cat` and back, one connection after the other, and several at a time. */
export async function measureConnections({ bed, plan, contenders, say }: Stage): Promise<readonly ConnectionsResult[]> {
  const results: ConnectionsResult[] = [];
  await withServers(contenders, 'echo', bed, async (servers) => {
    for (const [atATime, count] of [
      [1, plan.sequential],
      [AT_A_TIME, plan.parallel],
    ] as const) {
      const rounds = await inTurn(servers, plan.rounds, async (server, round) => {
        say(`${count} connections, ${atATime} at a time, round ${round + 1}: ${server.contender.id}`);
        // What is compiled while it runs gets the time for it, once; a process that is new each time never has it.
        const first = atATime === 1 && round === 0;
        const warmUp = first && servesMany(server.contender) ? plan.warmUp : 1;
        const order = { count, at_a_time: atATime, warm_up: warmUp, patience: PATIENCE, ...line(server.contender) };
        return client('connections', order, bed, { server, suite: USUAL });
      });
      for (const [{ contender }, batches] of rounds)
        results.push({
          contender: contender.id,
          atATime,
          lost: tally(batches.flatMap(({ lost }) => lost)),
          milliseconds: batches.flatMap(({ milliseconds }) => milliseconds),
          perSecond: batches
            .filter(({ milliseconds }) => milliseconds.length > 0)
            .map(({ milliseconds, seconds }) => milliseconds.length / seconds),
          clientCpu: batches.map(({ client_cpu, seconds }) => client_cpu / seconds),
        });
    }
  });
  return results;
}

/** Round trips of one small message on an established connection. */
export async function measureEcho({ bed, plan, contenders, say }: Stage): Promise<readonly EchoResult[]> {
  const results: EchoResult[] = [];
  await withServers(contenders, 'echo', bed, async (servers) => {
    const rounds = await inTurn(servers, plan.rounds, async (server, round) => {
      say(`${plan.trips} round trips, round ${round + 1}: ${server.contender.id}`);
      const order = { count: plan.trips, warm_up: WARM_UP_TRIPS, patience: PATIENCE, ...line(server.contender) };
      return client('echo', order, bed, { server, suite: USUAL });
    });
    for (const [{ contender }, batches] of rounds)
      results.push({
        contender: contender.id,
        lost: tally(batches.flatMap(({ lost }) => lost)),
        microseconds: batches.flatMap(({ microseconds }) => microseconds),
      });
  });
  return results;
}

/** What is said to `cat`, or to who answers in its place, and the answer. */
export const line = ({ answer }: Contender): { request: string; answer: string } => ({
  request: LINE,
  answer: answer?.(LINE) ?? LINE,
});

const LINE = 'a line of 32 bytes, with its end\n'.slice(1);

/** Seconds for one connection. */
export const PATIENCE = 5;
const WARM_UP_TRIPS = 20;
