import { client } from '../client/client.ts';
import type { Bed } from '../bed.ts';
import type { Contender, Talk } from '../contender.ts';
import { cpuOf, memoryOf } from '../processes.ts';
import type { BulkRun, Direction } from '../results.ts';
import { alone, terminators, type Server } from '../server.ts';
import type { Suite } from '../suites.ts';

export interface Load {
  readonly suite: Suite;
  readonly direction: Direction;
  readonly bytes: number;
  /** Seconds that the side which should read does not. */
  readonly stall: number;
}

/** How a client asks for a load; undefined when this contender cannot carry it. */
export function talkOf(contender: Contender, { direction, bytes, stall }: Load, bed: Bed): Talk | undefined {
  if (contender.talk !== undefined) return contender.talk(direction, bytes, bed.directory);
  const pause = direction === 'up' ? stall : 0;
  return { greeting: 'ready\n', request: `${direction} ${bytes} ${pause}\n`, farewell: 'end\n' };
}

/** Carries a load over one connection. The processes are looked at before the first byte and after the last. */
export async function carry(server: Server, load: Load, bed: Bed): Promise<BulkRun | { lost: string }> {
  await alone(server);
  const looks: Look[] = [];
  const { suite, direction, bytes, stall } = load;
  const talk = talkOf(server.contender, load, bed);
  if (talk === undefined) throw new Error(`${server.contender.id} cannot carry bytes ${direction}`);
  const order = { ...talk, direction, bytes, stall: direction === 'down' ? stall : 0, patience: PATIENCE };
  const answer = await client('carry', order, bed, { server, suite }, () => looks.push(look(server)));
  if (answer.lost !== undefined) return { lost: answer.lost };
  const [before, after] = looks as [Look, Look];
  const gibibytes = bytes / 2 ** 30;
  return {
    megabytesPerSecond: bytes / 1e6 / answer.seconds,
    clientCpu: answer.client_cpu,
    cpuPerGiB: (after.cpu - before.cpu) / gibibytes,
    terminatorCpuPerGiB: (after.terminatorCpu - before.terminatorCpu) / gibibytes,
    idleMiB: before.memory,
    peakMiB: after.peak,
  };
}

interface Look {
  readonly cpu: number;
  readonly terminatorCpu: number;
  readonly memory: number;
  readonly peak: number;
}

function look(server: Server): Look {
  const found = terminators(server);
  const memories = found.map(({ pid }) => memoryOf(pid));
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
  return {
    cpu: cpuOf(server.family()),
    terminatorCpu: sum(found.map(({ cpu }) => cpu)),
    memory: sum(memories.map(({ now }) => now)),
    peak: sum(memories.map(({ peak }) => peak)),
  };
}

/** Seconds for one connection. */
const PATIENCE = 60;
