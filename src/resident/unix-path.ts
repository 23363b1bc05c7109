import { lstatSync, renameSync, statSync, unlinkSync, type BigIntStats } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';

/**
 * Makes way for a socket at `path`: removes one that nobody listens on any more, as a server that was killed leaves behind.
 *
 * Two servers that start at the same moment can both find it dead, and the later one then removes the path of the other.
 *
 * @throws Error with the reason why the path cannot be had: somebody listens there (EADDRINUSE), it is no socket, or connect(2) fails.
 */
export const makeWay = async (path: string): Promise<void> => {
  statSync(dirname(path)); // Of a directory that is not there libuv says EACCES (`uv_pipe_bind`).
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isSocket()) throw new Error('the file is there already, and is not a socket');
  const refusal = await tryToConnect(path);
  if (refusal?.code === 'ECONNREFUSED') unlinkSync(path);
  // EAGAIN: its backlog is full. EPROTOTYPE: it is a socket of another kind. Both are listened on.
  else if (refusal?.code === 'EACCES') throw refusal;
  else if (refusal?.code !== 'ENOENT') throw new Error('address already in use');
};

/** `undefined` when somebody has accepted, or will. Does not wait: connect(2) on a Unix socket answers at once. */
const tryToConnect = (path: string): Promise<NodeJS.ErrnoException | undefined> =>
  new Promise((resolve) => {
    const client = connect(path, () => {
      client.destroy();
      resolve(undefined);
    });
    client.once('error', resolve);
  });

/** The file at `path`, to be recognised later; `undefined` when there is none, or none that we may see (any more). */
export const fileAt = (path: string): BigIntStats | undefined => {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined; // EACCES: whoever we have become may not search the directory, and so not remove anything in it.
  }
};

/**
 * Calls `close`, which makes libuv remove whatever is at `path` (`uv__pipe_close`): moves it out of the way meanwhile, and back, when it
 * is not `ours` any more but that of another server. Where we have given up the right to remove it, it stays.
 */
export const keepOthers = (path: string, ours: BigIntStats | undefined, close: () => void): void => {
  const there = fileAt(path);
  const isOthers = there !== undefined && (there.dev !== ours?.dev || there.ino !== ours.ino);
  const aside = `${path}.${process.pid}`;
  const moved = isOthers && move(path, aside);
  close();
  if (moved) renameSync(aside, path);
};

/** Whether we may: renaming takes the same rights as removing, so that libuv may do no harm if we may not. */
const move = (path: string, aside: string): boolean => {
  try {
    renameSync(path, aside);
    return true;
  } catch {
    return false;
  }
};
