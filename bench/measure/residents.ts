import { client } from '../client/client.ts';
import { servesMany, type Contender } from '../contender.ts';
import { descriptorsOf, memoryOf } from '../processes.ts';
import { alone, disconnected, terminators, withServers, type Server } from '../server.ts';
import { USUAL } from '../suites.ts';
import { line, PATIENCE } from './connections.ts';
import { inTurn } from './rounds.ts';
import type { Stage } from './stage.ts';

/** A server that has had connections, one after the other: V8 has compiled what they need, and memory is what they left behind. */
export interface Resident {
  readonly server: Server;
  /** More of them. */
  readonly connections: (count: number) => Promise<Whole>;
}

interface Whole {
  readonly milliseconds: readonly number[];
  readonly lost: readonly string[];
  readonly seconds: number;
}

/**
 * Does the work, round by round and in turn, with every contender of which one server has many connections at once. Each time the server
 * is a new one, after `plan.warmUp` connections that do not count.
 *
 * @param how the contender as it is to be run.
 * @returns what came of it, by the contender's id.
 */
export async function withResidents<Outcome>(
  { bed, plan, contenders, say }: Stage,
  what: string,
  rounds: number,
  work: (resident: Resident) => Promise<Outcome>,
  how = (contender: Contender): Contender => contender,
): Promise<ReadonlyMap<string, readonly Outcome[]>> {
  const outcomes = await inTurn(contenders.filter(servesMany), rounds, async (contender, round) => {
    say(`${what}, round ${round + 1}: ${contender.id}`);
    return withServers([how(contender)], 'echo', bed, async (servers) => {
      const [server] = servers as [Server];
      const connections = async (count: number): Promise<Whole> => {
        const order = { count, at_a_time: 1, warm_up: 0, patience: PATIENCE, ...line(contender) };
        return client('connections', order, bed, { server, suite: USUAL });
      };
      await connections(plan.warmUp);
      return work({ server, connections });
    });
  });
  return new Map([...outcomes].map(([{ id }, found]) => [id, found]));
}

/**
 * What the server's processes hold, prog not among them: resident memory in MiB, and descriptors. Resident, and not proportional (PSS): they
 * share no memory that they write to, and the proportional share of libc shrinks with every prog that runs.
 */
export function holdings(server: Server): { readonly memoryMiB: number; readonly descriptors: number } {
  const pids = terminators(server).map(({ pid }) => pid);
  return {
    memoryMiB: pids.reduce((sum, pid) => sum + memoryOf(pid).now, 0),
    descriptors: pids.reduce((sum, pid) => sum + descriptorsOf(pid), 0),
  };
}

/** The same when all connections have ended, and their descriptors and progs have gone. */
export async function holdingsAlone(server: Server): Promise<ReturnType<typeof holdings>> {
  await disconnected(server);
  await alone(server);
  return holdings(server);
}
