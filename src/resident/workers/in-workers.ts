import { filter, firstValueFrom, Observable, race, startWith, Subject, timer } from 'rxjs';
import type { Signal } from '../../../graph/vocabulary.ts';
import type { Environment } from '../../environment/settings.ts';
import type { KeeperPort } from '../../keeper/port.ts';
import { Death } from '../../messages.ts';
import type { Records } from '../../trace/records.ts';
import type { Site } from '../site.ts';
import type { Beginning } from './messages.ts';
import { WorkerProcess, type Handed } from './worker-process.ts';

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
 * We, who accept, never see a byte of a connection. A worker that goes by itself takes its connections with it, and nothing else: another
 * takes its place, and those that it was handed and had not begun with. If no other can be started, the rest go on without.
 */
export const serveInWorkers = async (
  first: Omit<Beginning, 'trace' | 'keyLog'>,
  options: WorkersOptions,
): Promise<Site> => {
  const { count, records, warn, failed, signal$ } = options;
  let beginning: Beginning = { ...first, trace: records.trace?.path, keyLog: records.keyLog?.path };
  const workers = new Map<number, WorkerProcess>();
  const unsignalled = new Set<number>();
  const signalled$ = new Subject<void>();
  let begun = 0;
  let allReady = false;

  const serve = (handed: Handed): void => {
    const [worker] = [...workers.values()].sort((one, other) => one.connections - other.connections);
    if (worker !== undefined) return worker.serve(handed);
    handed.admitted.socket.destroy();
    handed.subscriber.complete();
  };
  const passedOn = (number: number): void => {
    unsignalled.delete(number);
    signalled$.next();
  };
  const begin = (): Promise<void> =>
    new Promise((ready) => {
      const number = (begun += 1);
      const worker = new WorkerProcess(options, options.keeperFor?.(`w${number}`), {
        ready,
        signalled: () => passedOn(number),
        gone(how, lost, unserved) {
          workers.delete(number);
          signals.unsubscribe();
          passedOn(number);
          if (worker.isReady) {
            warn(`a worker ${how}: ${lost.length} connections are lost, another takes its place`);
            begin().catch(missing);
          } else missing(new Death('system', { what: 'start a worker', reason: `it ${how}` }));
          // Only now: whoever gets a place by it must not be handed to the one that has gone.
          for (const { subscriber } of lost) subscriber.complete();
          unserved.forEach(serve);
        },
      });
      workers.set(number, worker);
      worker.say({ begin: beginning });
      const signals = signal$.subscribe((signal) => {
        unsignalled.add(number);
        worker.say({ signal });
      });
    });
  const missing = (death: unknown): void => {
    if (!(death instanceof Death) || !allReady || workers.size === 0) failed(death);
    else warn(`${death.message}; ${workers.size} of ${count} are left`);
  };
  await Promise.all(Array.from({ length: count }, begin));
  allReady = true;

  const site: Site = {
    serve: (admitted) => new Observable((subscriber) => serve({ admitted, subscriber })),
    useKeys(keys) {
      beginning = { ...beginning, keys };
      for (const worker of workers.values()) worker.say({ keys });
    },
    whenSignalled: async () => {
      const all$ = signalled$.pipe(
        startWith(undefined),
        filter(() => unsignalled.size === 0),
      );
      await firstValueFrom(race(all$, timer(PATIENCE)));
    },
  };
  return site;
};

/** Milliseconds for a worker that does not answer. */
const PATIENCE = 1000;
