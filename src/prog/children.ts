import type { Signal } from '../../graph/vocabulary.ts';
import { systemReason } from '../messages.ts';
import { loadPosixSpawn, type PosixSpawn } from '../native/posix-spawn.ts';
import { execute } from './execute.ts';
import { progFailed, type ProgEvents, type ProgImage } from './spawn.ts';

/** A child that Node does not know of. */
export interface Child {
  /** Does nothing once it is known to have ended. */
  signal(signal: Signal): void;
  /** From now on it does not keep this process alive. */
  forget(): void;
}

/** Does what `spawnProg` does, with the same outcomes; `undefined` for a prog that could not be started. */
export type SpawnChild = (
  image: Omit<ProgImage, 'identity'>,
  ends: readonly [number, number],
  events: ProgEvents,
) => Child | undefined;

/** Starts children by posix_spawn(3); `undefined` where it is not to be had, and Node's own way has to do, which only takes longer. */
export const spawnByPosix = (): SpawnChild | undefined => {
  try {
    return (found ??= childrenOf(loadPosixSpawn()));
  } catch {
    return undefined; // No koffi, or another system.
  }
};

let found: SpawnChild | undefined;

/**
 * Node is not told when such a child ends: at SIGCHLD we ask wait(2) ourselves, for pids of our own only. One signal can stand for many
 * children, and for those of Node, which looks after them itself.
 */
const childrenOf = (posix: PosixSpawn): SpawnChild => {
  const running = new Map<number, ProgEvents>();
  const holding = new Set<ProgEvents>();
  let alive: NodeJS.Timeout | undefined;

  const hold = (events: ProgEvents, on: boolean): void => {
    if (on) holding.add(events);
    else holding.delete(events);
    if (holding.size > 0) alive ??= setInterval(nothing, LONGEST);
    else {
      clearInterval(alive);
      alive = undefined;
    }
  };
  const look = (pid: number): void => {
    const events = running.get(pid);
    const status = events && posix.wait(pid);
    if (status === undefined) return;
    running.delete(pid);
    hold(events as ProgEvents, false);
    events?.ended(status);
  };
  const reap = (): void => {
    let pid = posix.ended();
    for (; running.has(pid); pid = posix.ended()) look(pid);
    // Somebody else's, who has not looked yet, hides those behind it.
    if (pid !== 0) for (const each of [...running.keys()]) look(each);
  };
  // For good: each costs a watcher in libuv, and a child can end before we know its pid.
  process.on('SIGCHLD', reap);

  return ({ argv, environment }, ends, events) => {
    const [prog = ''] = argv;
    const pid = execute(posix, { argv, environment }, ends);
    if (typeof pid !== 'number') {
      process.nextTick(progFailed, prog, pid, events);
      return undefined;
    }
    running.set(pid, events);
    hold(events, true);
    return {
      signal(signal) {
        if (running.get(pid) !== events) return;
        try {
          process.kill(pid, signal);
        } catch (error) {
          events.warn(`unable to signal ${prog}: ${systemReason(error)}`);
        }
      },
      forget: () => hold(events, false),
    };
  };
};

/** Milliseconds. */
const LONGEST = 2_147_483_647;

const nothing = (): void => undefined;
