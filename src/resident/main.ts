import { randomBytes } from 'node:crypto';
import { asyncScheduler, lastValueFrom, map, takeUntil, type Observable } from 'rxjs';
import type { Signal } from '../../graph/vocabulary.ts';
import { obey } from '../command-line.ts';
import { loadCredentials } from '../credentials/load.ts';
import { environmentOfServer } from '../environment/ucspi.ts';
import { parseEnvironment, type Environment } from '../environment/settings.ts';
import { Death } from '../messages.ts';
import { parseServerOptions } from '../options/parse-server.ts';
import { S6_TLSSERVER } from '../options/s6-tlsserver.ts';
import type { ServerOptions } from '../options/server-options.ts';
import type { Report } from '../report.ts';
import { admit } from './admission.ts';
import { nameOf } from './connection.ts';
import { serveHere } from './here.ts';
import { lifecycleOf } from './lifecycle.ts';
import { listen } from './listen.ts';
import { printBound, serviceManager } from './readiness.ts';
import { serverSignal$ } from './signals.ts';
import type { Keys } from './tls.ts';
import { parseWords } from './words.ts';

/**
 * s6-tlsserver: every connection to a place, until it is told to stop.
 *
 * @param argv without the program's own name.
 * @returns the exit status: 0 after a signal; 96, 97, 100 or 111 when it cannot begin.
 */
export const main = (argv: readonly string[], environment: Environment): Promise<number> =>
  obey(argv, {
    name: S6_TLSSERVER.name,
    parse: parseServerOptions,
    run: ({ options, words }, report) => run(options, words, environment, report),
  });

async function run(
  options: ServerOptions,
  words: readonly string[],
  environment: Environment,
  report: Report,
): Promise<number> {
  const { where, prog } = parseWords(words);
  const settings = parseEnvironment(environment, options, process.geteuid?.() === 0);
  const warn = (message: string): void => report.warning(message);
  const readKeys = (): Keys => ({ credentials: loadCredentials(settings), ticketKeys: randomBytes(TICKET_KEYS) });
  const { reload$, stop$, end$, quit$ } = lifecycleOf(serverSignal$, { finish: FINISH, scheduler: asyncScheduler });
  const signal$: Observable<Signal> = end$.pipe(map(() => 'SIGTERM'));
  const site = serveHere(readKeys(), {
    options,
    prog,
    environment: environmentOfServer(environment),
    beginTrace: undefined,
    keyLog: undefined,
    signal$,
    launcher: undefined,
  });
  const listener = await listen(where, { backlog: options.backlog, environment });
  const manager = serviceManager(environment, { warn });

  listener.warning$.subscribe(warn);
  reload$.subscribe(() => {
    manager.reloading();
    try {
      site.useKeys(readKeys());
      report.info('the keys were read again');
    } catch (error) {
      if (!(error instanceof Death)) throw error;
      warn(`the keys stay as they were: ${error.message}`);
    }
    manager.ready();
  });
  stop$.subscribe(() => {
    manager.stopping();
    listener.close();
  });
  const over$ = listener.accepted$.pipe(
    admit(options, {
      serve: (admitted) => site.serve(admitted),
      refused: ({ ends }, reason) => report.info(`connection from ${nameOf(ends)} refused: ${reason}`),
    }),
  );
  const over = lastValueFrom(over$.pipe(takeUntil(quit$)), { defaultValue: undefined });
  if (options.printPort) printBound(listener.bound, warn);
  manager.ready();
  report.info(`listening on ${listener.bound}`);
  await over;
  return 0;
}

/** Bytes: three keys of OpenSSL (SSL_CTX_set_tlsext_ticket_keys). */
const TICKET_KEYS = 48;

/** Milliseconds that connections have to finish after SIGTERM. */
const FINISH = 30_000;
