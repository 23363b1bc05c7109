import { setImmediate } from 'node:timers/promises';
import type { HeldLauncher } from '../prog/launcher.ts';
import { reportAt } from '../report.ts';
import { S6_TLSSERVER } from '../options/s6-tlsserver.ts';
import { serveAccepted, type Common } from './connection.ts';
import { launcherHere } from './launchers.ts';
import type { Site } from './site.ts';
import { tlsWith, type Keys } from './tls.ts';

/** Serves connections in this process. Throws what {@link tlsWith} throws. */
export const serveHere = (
  keys: Keys,
  common: Omit<Common, 'tls' | 'launcher'> & { readonly launcher: HeldLauncher | undefined },
): Site => {
  const { options, keyLog } = common;
  const report = reportAt(options.verbosity, { program: S6_TLSSERVER.name });
  const info = (message: string): void => report.info(message);
  let tls = tlsWith(keys, options, { keyLog, info });
  const launcher = common.launcher ?? launcherHere(common.prog, info);
  const all: Common = { ...common, tls: () => tls, launcher };
  const site: Site = {
    serve: (admitted) => serveAccepted(admitted, all),
    useKeys(changed) {
      tls = tlsWith(changed, options, { keyLog, info });
    },
    // The next turn, or with a keeper the one in which it was asked for it.
    whenSignalled: async () => {
      await setImmediate();
      await setImmediate();
    },
  };
  return site;
};
