import { asyncScheduler, endWith, concatMap, map, merge, Subject, type Observable } from 'rxjs';
import type { Signal } from '../../graph/vocabulary.ts';
import { obey } from '../command-line.ts';
import type { Environment } from '../environment/settings.ts';
import { Death } from '../messages.ts';
import { parseServerOptions } from '../options/parse-server.ts';
import { S6_TLSSERVER } from '../options/s6-tlsserver.ts';
import type { ServerOptions } from '../options/server-options.ts';
import type { Report } from '../report.ts';
import { admit } from './admission.ts';
import { nameOf } from './ends.ts';
import { lifecycleOf } from './lifecycle.ts';
import { prepare, type Prepared } from './prepare.ts';
import { printBound } from './readiness.ts';
import { serverSignal$ } from './signals.ts';
import { parseWords } from './words.ts';

/**
 * s6-tlsserver: every connection to a place, until it is told to stop.
 *
 * @param argv without the program's own name.
 * @returns the exit status: 0 after a signal; 96, 97, 100 or 111 when it cannot begin, or go on.
 */
export const main = (argv: readonly string[], environment: Environment): Promise<number> =>
  obey(argv, {
    name: S6_TLSSERVER.name,
    parse: parseServerOptions,
    run: ({ options, words }, report) => run({ options, words, environment, report }),
  });

interface Asked {
  readonly options: ServerOptions;
  readonly words: readonly string[];
  readonly environment: Environment;
  readonly report: Report;
}

async function run({ options, words, environment, report }: Asked): Promise<number> {
  const lifecycle = lifecycleOf(serverSignal$, { finish: FINISH, scheduler: asyncScheduler });
  const failed$ = new Subject<never>();
  const prepared = await prepare({
    ...parseWords(words),
    ...{ options, environment, report },
    signal$: lifecycle.end$.pipe(map((): Signal => 'SIGTERM')),
    failed: (reason) => failed$.error(reason),
  });
  const { listener, manager } = prepared;
  // One after the other, and none left out: the files may have changed since they were read.
  lifecycle.reload$.pipe(concatMap(() => reload(prepared, report))).subscribe();
  lifecycle.stop$.subscribe(() => {
    manager.stopping();
    listener.close();
  });
  // Not firstValueFrom: it would let go of the connections at SIGQUIT, before they are told of it.
  const over = new Promise((resolve, reject) => {
    merge(served(prepared, options, report), lifecycle.quit$, failed$).subscribe({ next: resolve, error: reject });
  });
  if (options.printPort) printBound(listener.bound, (message) => report.warning(message));
  manager.ready();
  report.info(`listening on ${listener.bound}`);
  try {
    await over;
    // At SIGQUIT progs are not left without a word.
    await prepared.site.whenSignalled();
  } finally {
    listener.close();
  }
  return 0;
}

/** Emits when no more connections come, and all that came are over. */
function served({ listener, site }: Prepared, options: ServerOptions, report: Report): Observable<unknown> {
  return listener.accepted$.pipe(
    admit(options, {
      serve: (admitted) => site.serve(admitted),
      refused: ({ ends }, reason) => report.info(`connection from ${nameOf(ends)} refused: ${reason}`),
    }),
    endWith(undefined),
  );
}

const reload = async ({ renewKeys, manager }: Prepared, report: Report): Promise<void> => {
  manager.reloading();
  try {
    await renewKeys();
    report.info('the keys were read again');
  } catch (error) {
    if (!(error instanceof Death)) throw error;
    report.warning(`the keys stay as they were: ${error.message}`);
  }
  manager.ready();
};

/** Milliseconds that connections have to finish after SIGTERM. */
const FINISH = 30_000;
