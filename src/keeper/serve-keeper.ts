import { loadCredentials } from '../credentials/load.ts';
import type { Settings } from '../environment/settings.ts';
import { Death, systemReason } from '../messages.ts';
import type { ProgImage } from '../prog/spawn.ts';
import { progsOf } from './progs.ts';
import { parseRequest, READY, type Keys, type Reply, type Request } from './protocol.ts';
import { receivedPipe, type ReceivedPipe } from './received-pipe.ts';

/** The part of the settings that names the files with keys, certificates and anchors. */
export type KeyFiles = Pick<Settings, 'defaultPair' | 'namedPairs' | 'anchors'>;

export interface ServedKeeper {
  /** What to run, the environment that all progs share, and prog's identity. */
  readonly image: ProgImage;
  /** What can be asked for again. */
  readonly keyFiles: KeyFiles;
  /** This process, started with a channel to the engine. */
  readonly channel: NodeJS.Process;
  /** The last that is done. `message`, if there is one, is for people. */
  readonly exit: (code: number, message?: string) => void;
}

/**
 * The life of the keeper: starts progs on the pipes that it is handed, passes signals on to them, reports how they ended, and reads the
 * key files anew. What it runs, for whom, and which files it reads was fixed when it was started, before any byte from the network was
 * read.
 *
 * It exits with 0 when the engine has gone, and leaves its progs alone; with 111, and a message, when it is asked for anything else, or
 * is handed anything but a pipe: then the engine is not what it was.
 */
export const serveKeeper = ({ image, keyFiles, channel, exit }: ServedKeeper): void => {
  const say = (reply: Reply | typeof READY): void => {
    // An engine that cannot be told has gone; `disconnect` follows.
    channel.send?.(reply, undefined, undefined, nothing);
  };
  const progs = progsOf(image, say);

  const obey = (request: Request, pipe: ReceivedPipe | undefined): boolean => {
    const { id } = request;
    switch (request.ask) {
      case 'stdout':
        return pipe !== undefined && progs.output(id, pipe);
      case 'start':
        return pipe !== undefined && progs.start(id, pipe, request.variables);
    }
    if (pipe !== undefined) return false;
    switch (request.ask) {
      case 'handed':
        progs.handed(id);
        return true;
      case 'signal':
        progs.signal(id, request.signal);
        return true;
      case 'credentials':
        say({ id, ...readKeys(keyFiles) });
        return true;
    }
  };

  const heard = (message: unknown, handle: object | undefined): void => {
    const request = parseRequest(message);
    const pipe = handle && receivedPipe(handle);
    if (request !== undefined && pipe !== 'not a pipe' && obey(request, pipe)) return;
    channel.off('message', heard);
    exit(111, 'unable to go on: the process that handles the network asked for something that it never asks for');
  };

  // A signal to the whole process group is also ours. The engine gets it too and says what to do.
  for (const signal of HANDLED) channel.on(signal, nothing);
  channel.on('disconnect', () => exit(0));
  channel.on('message', heard);
  say(READY);
};

const readKeys = (keyFiles: KeyFiles): Keys => {
  try {
    return { tell: 'credentials', credentials: loadCredentials(keyFiles) };
  } catch (error) {
    const death =
      error instanceof Death ? error : new Death('system', { what: 'read the keys', reason: systemReason(error) });
    return { tell: 'refused', message: death.message, exitCode: death.exitCode };
  }
};

const HANDLED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'];

const nothing = (): void => undefined;
