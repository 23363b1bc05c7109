import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Bed } from './bed.ts';
import type { Contender, Prog, Task } from './contender.ts';
import { connectionsOn, executableOf, familyOf, listens, type Process } from './processes.ts';

/** A contender that listens. */
export interface Server {
  readonly contender: Contender;
  readonly port: number;
  /** All its processes: super-server, terminators, progs. */
  readonly family: () => readonly Process[];
  /** Ends it and everything it has started. */
  readonly stop: () => Promise<void>;
}

/** Starts these contenders, does the work with them, and stops them, whatever happens. */
export async function withServers<Outcome>(
  contenders: readonly Contender[],
  task: Task,
  bed: Bed,
  work: (servers: readonly Server[]) => Promise<Outcome>,
): Promise<Outcome> {
  const servers: Server[] = [];
  try {
    for (const contender of contenders) servers.push(await start(contender, task, bed));
    return await work(servers);
  } finally {
    await Promise.all(servers.map(async ({ stop }) => stop()));
  }
}

/** Waits until nothing is left of earlier connections: neither their progs, nor what a super-server had started for them. */
export async function alone({ contender, family }: Server): Promise<void> {
  const resting = contender.processes ?? 1;
  await until(() => family().length === resting, `${contender.id} has not ${resting} processes after all connections`);
}

/** Waits until no process has a descriptor of a connection with the server any more. */
export async function disconnected({ contender, port }: Server): Promise<void> {
  await until(() => connectionsOn(port) === 0, `${contender.id} does not let go of a connection that has ended`);
}

async function until(isSo: () => boolean, complaint: string): Promise<void> {
  for (let waited = 0; !isSo(); waited += POLL) {
    if (waited >= PATIENCE) throw new Error(complaint);
    await setTimeout(POLL);
  }
}

/**
 * The processes of a server that hold connections: those that a super-server or a listener has started for them, or the
 * resident one; and with them, those that run the same program. prog is none of them, nor is the super-server.
 */
export function terminators({ contender, family }: Server): readonly Process[] {
  const all = family();
  const [listener] = all;
  const first = contender.resident ? listener : all.find(({ parent }) => parent === listener?.pid);
  if (first === undefined) return [];
  const program = executableOf(first.pid);
  return all.filter(
    (each) => (each !== listener || contender.resident) && (each === first || executableOf(each.pid) === program),
  );
}

async function start(contender: Contender, task: Task, bed: Bed): Promise<Server> {
  const port = await freePort();
  const [program = '', ...args] = contender.listen(task, PROGS[task], { ...bed, port });
  const log = join(bed.directory, `${contender.id}-${task}.log`);
  const descriptor = openSync(log, 'a');
  const child = spawn(program, args, {
    cwd: bed.directory,
    env: bed.environment,
    stdio: ['ignore', descriptor, descriptor],
    // A process group of its own, to be ended as one.
    detached: true,
  });
  closeSync(descriptor);
  await once(child, 'spawn');
  const { pid = 0 } = child;
  const exited = once(child, 'exit');
  groups.add(pid);
  const stop = async (): Promise<void> => {
    groups.delete(pid);
    killGroup(pid);
    await exited;
  };
  for (let waited = 0; !listens(port); waited += POLL) {
    if (waited >= PATIENCE || child.exitCode !== null) {
      await stop();
      throw new Error(`${contender.id} does not listen: ${readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? ''}`);
    }
    await setTimeout(POLL);
  }
  return { contender, port, family: () => familyOf(pid), stop };
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // Nobody of it is left.
  }
}

/** Process groups that must not outlive us. */
const groups = new Set<number>();
process.once('exit', () => {
  for (const group of groups) killGroup(group);
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** What every contender runs. */
export const PROGS: Readonly<Record<Task, Prog>> = {
  echo: ['/bin/cat'],
  carry: [fileURLToPath(new URL('prog.sh', import.meta.url))],
};

/** Milliseconds. Foreign programs do not say when they listen: it has to be looked for. */
const POLL = 10;
const PATIENCE = 10_000;
