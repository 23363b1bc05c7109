import type { Socket } from 'node:net';
import { ReplaySubject } from 'rxjs';
import type { Signal } from '../../../graph/vocabulary.ts';
import { keeperAt } from '../../keeper/keeper.ts';
import type { KeeperPort } from '../../keeper/port.ts';
import type { Reply } from '../../keeper/protocol.ts';
import { S6_TLSSERVER } from '../../options/s6-tlsserver.ts';
import { loadPipe2 } from '../../prog/pipe2.ts';
import { reportAt } from '../../report.ts';
import { serveHere } from '../here.ts';
import { launcherAt } from '../launchers.ts';
import { inheritedRecords, writersTo } from '../../trace/records.ts';
import type { Site } from '../site.ts';
import type { Beginning, FromWorker, ToWorker } from './messages.ts';

/**
 * The life of a worker: serves the connections it is handed, in this process, until whoever accepts them has gone.
 *
 * @param channel this process, started with a channel.
 * @param exit called once.
 */
export const serveWorker = (channel: NodeJS.Process, exit: (code: number) => void): void => {
  const signal$ = new ReplaySubject<Signal>(1);
  const say = (message: FromWorker, descriptor?: Socket): void => {
    // Who does not listen any more has gone, and `disconnect` follows.
    channel.send?.(message, descriptor, { keepOpen: true }, nothing);
  };
  const port = portThrough(say);
  let site: Site | undefined;

  // A signal to the whole process group is also ours. Whoever accepts gets it too and says what to do.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']) channel.on(signal, nothing);
  channel.on('disconnect', () => {
    signal$.next('SIGTERM');
    // One turn in which progs are told.
    setImmediate(exit, 0);
  });
  channel.on('message', (message: ToWorker, socket: Socket) => {
    if ('begin' in message) {
      site = siteFor(message.begin, { environment: { ...channel.env } as Record<string, string>, signal$, port });
      say('ready');
    } else if ('serve' in message) {
      const { number } = message.serve;
      say({ taken: number });
      site?.serve({ ...message.serve, socket }).subscribe({ complete: () => say({ over: number }) });
    } else if ('keys' in message) site?.useKeys(message.keys);
    else if ('signal' in message) {
      signal$.next(message.signal);
      setImmediate(say, 'signalled');
    } else port.heard(message.fromKeeper);
  });
};

const siteFor = (
  { options, prog, keys, throughKeeper, trace, keyLog }: Beginning,
  {
    environment,
    signal$,
    port,
  }: { environment: Record<string, string>; signal$: ReplaySubject<Signal>; port: KeeperPort },
): Site => {
  const report = reportAt(options.verbosity, { program: S6_TLSSERVER.name });
  const records = inheritedRecords({ trace, keyLog }, (message) => report.warning(message));
  const keeper = throughKeeper ? keeperAt(port, { prog: prog[0], pipes: loadPipe2, lost: nothing }) : undefined;
  return serveHere(keys, {
    options,
    prog,
    environment,
    ...writersTo(records),
    signal$,
    launcher: keeper && launcherAt(keeper),
  });
};

/** The way to the keeper of the process that accepts. */
const portThrough = (say: (message: FromWorker, descriptor?: Socket) => void): RelayedPort => {
  let listener: Parameters<KeeperPort['listen']>[0] | undefined;
  return {
    send: (request, descriptor) => say({ toKeeper: request }, descriptor),
    listen: (heard) => void (listener = heard),
    heard: (told) => (told === 'gone' ? listener?.gone() : listener?.reply(told)),
    // The channel keeps a worker alive, and nothing else need.
    hold: nothing,
    close: nothing,
  };
};

interface RelayedPort extends KeeperPort {
  heard(told: Reply | 'gone'): void;
}

const nothing = (): void => undefined;
