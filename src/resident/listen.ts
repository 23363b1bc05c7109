import { lookup } from 'node:dns/promises';
import { merge } from 'rxjs';
import type { Environment } from '../environment/settings.ts';
import { Death, systemReason } from '../messages.ts';
import { acceptOn, type Listener } from './accept.ts';
import { inheritedSockets, pathOfInherited } from './inherited.ts';
import { fileAt, keepOthers, makeWay } from './unix-path.ts';
import type { Where } from './words.ts';

export interface ListenSettings {
  /** How many connections the kernel keeps until we accept them: listen(2). */
  readonly backlog: number;
  /** Where systemd says what it has handed over. */
  readonly environment: Environment;
}

/**
 * Begins to listen.
 *
 * A name is looked up once, and the first of its IPv4 addresses is taken, as by tcpserver; an IPv6 address only when there is no other.
 * A Unix socket gets its mode from umask(2), takes the place of one that nobody listens on, and is removed when we stop listening.
 * Sockets of systemd are all listened on, with our backlog instead of the one that they had.
 *
 * @throws Death 111 when an address cannot be had, 100 when systemd has handed over nothing.
 */
export const listen = async (where: Where, { backlog, environment }: ListenSettings): Promise<Listener> => {
  switch (where.kind) {
    case 'tcp':
      return attempt(`listen on ${where.host} port ${where.port}`, async () => {
        const { address } = await lookup(where.host, { verbatim: false });
        return acceptOn({ host: address, port: where.port, backlog });
      });
    case 'unix':
      return attempt(`listen on ${where.path}`, () => listenOnPath(where.path, backlog));
    case 'inherited': {
      const listeners: Listener[] = [];
      for (const fd of inheritedSockets(environment, process.pid)) {
        listeners.push(
          await attempt(`listen on fd ${fd}, handed over by LISTEN_FDS`, () => listenOnInherited(fd, backlog)),
        );
      }
      return all(listeners);
    }
  }
};

const listenOnInherited = async (fd: number, backlog: number): Promise<Listener> => {
  try {
    return await acceptOn({ fd, backlog }, pathOfInherited(fd));
  } catch (error) {
    // From listen(2), which refuses a connection, and from Node, which refuses whatever is no socket of streams.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
    throw new Error('it is not a stream socket that listens; Accept=yes is for s6-tlsd');
  }
};

const listenOnPath = async (path: string, backlog: number): Promise<Listener> => {
  await makeWay(path);
  const listener = await acceptOn({ path, backlog }, path);
  const ours = fileAt(path);
  let open = true;
  const close = (): void => {
    // Only once: the path may be another server's by then.
    if (open) keepOthers(path, ours, listener.close);
    open = false;
  };
  return { ...listener, close };
};

const all = (listeners: readonly Listener[]): Listener => ({
  bound: listeners.map(({ bound }) => bound).join(' '),
  accepted$: merge(...listeners.map(({ accepted$ }) => accepted$)),
  warning$: merge(...listeners.map(({ warning$ }) => warning$)),
  close: () => listeners.forEach(({ close }) => close()),
});

const attempt = async (what: string, open: () => Promise<Listener>): Promise<Listener> => {
  try {
    return await open();
  } catch (error) {
    throw new Death('system', { what, reason: systemReason(error) });
  }
};
