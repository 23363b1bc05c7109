import type { Settings } from '../environment/settings.ts';
import type { ServerOptions } from '../options/server-options.ts';
import type { Identity } from '../privileges.ts';

/** Who does what. What is left out stays as it was when we were started. */
export interface Identities {
  /** Whoever handles bytes from the network: `TLS_UID` and `TLS_GID`, and where one is not set, what prog has. */
  readonly engine: Identity;
  /** `-u` and `-g`. */
  readonly prog: Identity;
  /** The engine becomes somebody. */
  readonly drops: boolean;
  /** prog is somebody that the engine is not, so that the engine cannot start it. */
  readonly differ: boolean;
}

export const identitiesOf = (
  { uid: tlsUid, gid: tlsGid }: Pick<Settings, 'uid' | 'gid'>,
  { uid, gid }: Pick<ServerOptions, 'uid' | 'gid'>,
): Identities => {
  const engine = { uid: tlsUid ?? uid, gid: tlsGid ?? gid };
  return {
    engine,
    prog: { uid, gid },
    drops: engine.uid !== undefined || engine.gid !== undefined,
    differ: engine.uid !== uid || engine.gid !== gid,
  };
};
