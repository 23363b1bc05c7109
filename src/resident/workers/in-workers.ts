import { Observable } from 'rxjs';
import type { Signal } from '../../../graph/vocabulary.ts';
import type { Environment } from '../../environment/settings.ts';
import type { KeeperPort } from '../../keeper/port.ts';
import { Death } from '../../messages.ts';
import type { Records } from '../records.ts';
import type { Site } from '../site.ts';
import type { Beginning } from './messages.ts';
import { WorkerProcess } from './worker-process.ts';

export interface WorkersOptions {
  /** How many processes, 1 or more. */
  readonly count: number;
  /** Of the workers, and so of progs. */
  readonly environment: Environment;
  readonly records: Records;
  /** The way to the keeper for the worker of that name, where progs are started by it. */
  readonly keeperFor: ((name: string) => KeeperPort) | undefined;
  /** Told when a worker went, and connections with it; another takes its place. */
  readonly warn: (message: string) => void;
  /** Told when a worker cannot begin: there will not be enough of them. */
  readonly failed: (death: unknown) => void;
  readonly signal$: Observable<Signal>;
}

/**
 * Serves connections in other processes: each goes to the one that has the fewest. Resolves when all can serve.
 *
 * We, who accept, never see a byte of a connection. A worker that goes by itself takes its connections with it, and nothing else.
 */
export const serveInWorkers = async (
  first: Omit<Beginning, 'trace' | 'keyLog'>,
  options: WorkersOptions,
): Promise<Site> => {
  const { count, records, warn, failed, signal$ } = options;
  let beginning: Beginning = { ...first, trace: records.trace?.path, keyLog: records.keyLog?.path };
  const workers = new Map<number, WorkerProcess>();
  let begun = 0;

  const begin = (): Promise<void> =>
    new Promise((ready) => {
      const number = (begun += 1);
      const worker = new WorkerProcess(options, options.keeperFor?.(`w${number}`), {
        ready,
        gone: (how, lost) => {
          workers.delete(number);
          if (!worker.isReady) failed(new Death('system', { what: 'start a worker', reason: `it ${how}` }));
          else {
            warn(`a worker ${how}: ${lost} connections are lost, another takes its place`);
            begin().catch(failed);
          }
        },
      });
      workers.set(number, worker);
      worker.say({ begin: beginning });
    });
  await Promise.all(Array.from({ length: count }, begin));
  signal$.subscribe((signal) => {
    for (const worker of workers.values()) worker.say({ signal });
  });

  const site: Site = {
    serve: (admitted) =>
      new Observable((subscriber) => {
        const [worker] = [...workers.values()].sort((one, other) => one.connections - other.connections);
        if (worker === undefined) {
          admitted.socket.destroy();
          subscriber.complete();
        } else worker.serve(admitted, subscriber);
      }),
    useKeys(keys) {
      beginning = { ...beginning, keys };
      for (const worker of workers.values()) worker.say({ keys });
    },
  };
  return site;
};
