import { helperProgram, spawnHelper } from '../prog/helper-program.ts';
import type { ProgImage } from '../prog/spawn.ts';
import { portOf, type KeeperPort } from './port.ts';
import { keeperArguments } from './order.ts';
import type { KeyFiles } from './serve-keeper.ts';

export interface HoldOptions {
  /** What to run, with the environment that all progs share, and as whom: by default as who we are now, groups included. */
  readonly image: ProgImage;
  /** Which files can be read again. */
  readonly keyFiles: KeyFiles;
  /** The keeper's program. */
  readonly script?: string;
}

/**
 * Starts the process that keeps our privileges, to be called before they are dropped, and before any byte from the network is read.
 * What it will run, as whom, and which files it reads are settled from here on; see protocol.ts for what can still be said, and
 * `keeperAt` for who says it.
 *
 * @throws Death 111 when no process can be made.
 */
export const holdKeeper = ({ image, keyFiles, script = helperProgram('keeper') }: HoldOptions): KeeperPort => {
  const child = spawnHelper('the keeper', keeperArguments(script, image, keyFiles), {
    // That of progs, so that it need not be told by a message. Node takes its own variables for the channel out again.
    env: image.environment,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'json',
  });
  child.unref();
  return portOf(child);
};
