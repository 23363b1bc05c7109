import { once } from 'node:events';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { firstValueFrom, tap } from 'rxjs';
import { Death } from '../../../../src/messages.ts';
import type { Accepted, Listener } from '../../../../src/resident/accept.ts';
import { listen } from '../../../../src/resident/listen.ts';
import { parseWords } from '../../../../src/resident/words.ts';
import { within } from '../../../live/support/watch.ts';
import { undoLater } from './undo.ts';

/** Listens where the words say. */
export const open = async (...words: readonly string[]): Promise<Listener> => {
  const listener = await listen(parseWords([...words, 'prog']).where, { backlog: 7, environment: {} });
  undoLater(listener.close);
  return { ...listener, accepted$: listener.accepted$.pipe(tap(({ socket }) => undoLater(() => socket.destroy()))) };
};

/** How it fails to: the exit status and the message. */
export const deathOf = async (...words: readonly string[]): Promise<string> => {
  try {
    (await open(...words)).close();
  } catch (error) {
    if (error instanceof Death) return `${error.exitCode} ${error.message}`;
    throw error;
  }
  throw new Error('it did not die');
};

/** Connects, and gives both ends. */
export const meet = async (listener: Listener, to: NetConnectOpts): Promise<{ client: Socket; accepted: Accepted }> => {
  const client = connect(to);
  undoLater(() => client.destroy());
  const accepted = firstValueFrom(listener.accepted$);
  const [, first] = await within('a connection', Promise.all([once(client, 'connect'), accepted]));
  return { client, accepted: first };
};

/** Ends what a test has opened. */
export const hangUp = (listener: Listener, ...sockets: readonly Socket[]): void => {
  for (const socket of sockets) socket.destroy();
  listener.close();
};
