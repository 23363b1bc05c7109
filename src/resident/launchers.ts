import type { Keeper } from '../keeper/keeper.ts';
import { spawnByPosix } from '../prog/children.ts';
import type { HeldLauncher } from '../prog/launcher.ts';
import { loadPipe2 } from '../prog/pipe2.ts';
import { startProg } from '../prog/start.ts';

/** Has progs started by a keeper, which stays when a connection is over. */
export const launcherAt = (keeper: Keeper): HeldLauncher => ({
  start: (environment, events) => keeper.start(environment, events),
  release: () => undefined,
});

/** Starts progs as children of this process; other connections go on meanwhile. `info` hears when there are no real pipes. */
export const launcherHere = (argv: readonly string[], info: (message: string) => void): HeldLauncher => {
  const pipe2 = loadPipe2();
  const spawnChild = () => spawnByPosix('thread');
  return {
    start: (environment, events) => startProg({ argv, environment }, { pipes: () => pipe2, info, events, spawnChild }),
    release: () => undefined,
  };
};
