import type { Keeper } from '../keeper/keeper.ts';
import type { HeldLauncher } from '../prog/launcher.ts';

/** Has progs started by a keeper, which stays when a connection is over. */
export const launcherAt = (keeper: Keeper): HeldLauncher => ({
  start: (environment, events) => keeper.start(environment, events),
  release: () => undefined,
});
