import { client, tally } from '../client/client.ts';
import type { Contender } from '../contender.ts';
import { AT_A_TIME, type ConnectionsResult, type EchoResult } from '../results.ts';
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
        const order = { count, at_a_time: atATime, warm_up: 1, patience: PATIENCE, ...line(server.contender) };
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

const line = ({ answer }: Contender): { request: string; answer: string } => ({
  request: LINE,
  answer: answer?.(LINE) ?? LINE,
});

const LINE = 'a line of 32 bytes, with its end\n'.slice(1);

/** Seconds for one connection. */
const PATIENCE = 5;
const WARM_UP_TRIPS = 20;
