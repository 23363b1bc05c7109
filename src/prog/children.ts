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

/** What is to be run, and who hears of it. */
export interface Birth {
  readonly image: Omit<ProgImage, 'identity'>;
  readonly ends: readonly [stdin: number, stdout: number];
  readonly events: ProgEvents;
  /** Called once, when `ends` are not needed here any more. */
  readonly begun: () => void;
}

/** Does what `spawnProg` does, with the same outcomes. */
export type SpawnChild = (birth: Birth) => Child;

/**
 * Starts children by posix_spawn(3); `undefined` where it is not to be had, and Node's own way has to do, which only takes longer.
 *
 * @param where in which thread: a server has other connections to look after meanwhile, and for one connection a thread is not worth
 * making.
 */
export const spawnByPosix = (where: 'here' | 'thread'): SpawnChild | undefined => {
  if (!found.has(where)) found.set(where, tryPosix(where));
  return found.get(where);
};

/** What is not there is not looked for again, at every prog. */
const found = new Map<'here' | 'thread', SpawnChild | undefined>();

const tryPosix = (where: 'here' | 'thread'): SpawnChild | undefined => {
  try {
    return childrenOf(loadPosixSpawn(), where);
  } catch {
    return undefined; // No koffi, or another system.
  }
};

/**
 * Node is not told when such a child ends: at SIGCHLD we ask wait(2) ourselves, for pids of our own only. One signal can stand for many
 * children, and for those of Node, which looks after them itself.
 */
const childrenOf = (posix: PosixSpawn, where: 'here' | 'thread'): SpawnChild => {
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

  return ({ image, ends, events, begun }) => {
    const [prog = ''] = image.argv;
    let state: 'beginning' | 'ended' | { readonly pid: number } = 'beginning';
    const early: Signal[] = [];
    const ended: ProgEvents['ended'] = (status) => {
      state = 'ended';
      hold(events, false);
      events.ended(status);
    };
    const signal = (name: Signal): void => {
      if (state === 'beginning') early.push(name);
      if (typeof state === 'string') return;
      try {
        process.kill(state.pid, name);
      } catch (error) {
        events.warn(`unable to signal ${prog}: ${systemReason(error)}`);
      }
    };
    hold(events, true);
    execute(
      (file, done) => posix.spawn(file, where, done),
      image,
      ends,
      (pid) => {
        begun();
        if (typeof pid !== 'number') {
          hold(events, false);
          state = 'ended';
          process.nextTick(progFailed, prog, pid, events);
          return;
        }
        state = { pid };
        running.set(pid, { ...events, ended });
        early.forEach(signal);
        // Its end may have come before its pid.
        process.nextTick(look, pid);
      },
    );
    return { signal, forget: () => hold(events, false) };
  };
};

/** Milliseconds. */
const LONGEST = 2_147_483_647;

const nothing = (): void => undefined;
