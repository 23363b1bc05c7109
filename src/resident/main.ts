import { randomBytes } from 'node:crypto';
import {
  asyncScheduler,
  endWith,
  exhaustMap,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  ReplaySubject,
  take,
  throwError,
} from 'rxjs';
import type { Signal } from '../../graph/vocabulary.ts';
import { obey } from '../command-line.ts';
import { loadCredentials } from '../credentials/load.ts';
import { baseEnvironment } from '../environment/prog.ts';
import { environmentOfServer } from '../environment/ucspi.ts';
import { parseEnvironment, type Environment, type Settings } from '../environment/settings.ts';
import { holdKeeper } from '../keeper/hold.ts';
import type { Keeper } from '../keeper/keeper.ts';
import { Death } from '../messages.ts';
import { parseServerOptions } from '../options/parse-server.ts';
import { S6_TLSSERVER } from '../options/s6-tlsserver.ts';
import type { ServerOptions } from '../options/server-options.ts';
import { dropPrivileges } from '../privileges.ts';
import type { HeldLauncher } from '../prog/launcher.ts';
import type { Report } from '../report.ts';
import { openKeyLog } from '../trace/key-log.ts';
import { openTrace } from '../trace/open.ts';
import { admit } from './admission.ts';
import { nameOf } from './connection.ts';
import { serveHere } from './here.ts';
import { identitiesOf } from './identities.ts';
import { lifecycleOf } from './lifecycle.ts';
import { listen } from './listen.ts';
import { printBound, serviceManager } from './readiness.ts';
import { serverSignal$ } from './signals.ts';
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
  const isRoot = process.geteuid?.() === 0;
  const settings = parseEnvironment(environment, options, isRoot);
  const warn = (message: string): void => report.warning(message);
  const info = (message: string): void => report.info(message);
  const identities = identitiesOf(settings, options);
  const ownEnvironment = environmentOfServer(environment);
  const { reload$, stop$, end$, quit$ } = lifecycleOf(serverSignal$, { finish: FINISH, scheduler: asyncScheduler });

  // All that needs the privileges we have; from then on there is no way back to them.
  const credentials = loadCredentials(settings);
  const keeper =
    identities.drops && isRoot
      ? holdKeeper({
          image: { argv: prog, environment: baseEnvironment(ownEnvironment, options), identity: identities.prog },
          keyFiles: settings,
          lost: (death) => lost$.next(death),
        })
      : undefined;
  const lost$ = new ReplaySubject<Death>(1);
  const site = serveHere(
    { credentials, ticketKeys: randomBytes(TICKET_KEYS) },
    {
      options,
      prog,
      environment: ownEnvironment,
      ...openRecords(settings, options, { warn, info }),
      signal$: end$.pipe(map((): Signal => 'SIGTERM')),
      launcher: keeper !== undefined && identities.differ ? launcherAt(keeper) : undefined,
    },
  );
  const listener = await listen(where, { backlog: options.backlog, environment });
  dropPrivileges(identities.engine);

  const manager = serviceManager(environment, { warn });
  listener.warning$.subscribe(warn);
  reload$
    .pipe(
      exhaustMap(async () => {
        manager.reloading();
        try {
          const changed = (await keeper?.readCredentials()) ?? loadCredentials(settings);
          site.useKeys({ credentials: changed, ticketKeys: randomBytes(TICKET_KEYS) });
          info('the keys were read again');
        } catch (error) {
          if (!(error instanceof Death)) throw error;
          warn(`the keys stay as they were: ${error.message}`);
        }
        manager.ready();
      }),
    )
    .subscribe();
  stop$.subscribe(() => {
    manager.stopping();
    listener.close();
  });
  const over = lastValueFrom(
    merge(
      listener.accepted$.pipe(
        admit(options, {
          serve: (admitted) => site.serve(admitted),
          refused: ({ ends }, reason) => info(`connection from ${nameOf(ends)} refused: ${reason}`),
        }),
        endWith(undefined),
      ),
      quit$,
      lost$.pipe(mergeMap((death) => throwError(() => death))),
    ).pipe(take(1)),
  );
  if (options.printPort) printBound(listener.bound, warn);
  manager.ready();
  info(`listening on ${listener.bound}`);
  try {
    await over;
  } finally {
    listener.close();
  }
  return 0;
}

/** The files that connections write to, opened while we may. */
function openRecords(
  { trace, keyLog }: Settings,
  options: ServerOptions,
  { warn, info }: { warn: (message: string) => void; info: (message: string) => void },
) {
  const tell = options.keyLog === undefined ? (told: string) => warn(`${told}, as SSLKEYLOGFILE says`) : info;
  return {
    beginTrace: trace === undefined ? undefined : openTrace(trace, warn),
    keyLog: keyLog === undefined ? undefined : openKeyLog(keyLog, { warn, tell }),
  };
}

/** The keeper stays when a connection is over. */
const launcherAt = (keeper: Keeper): HeldLauncher => ({
  start: (environment, events) => keeper.start(environment, events),
  release: () => undefined,
});

/** Bytes: three keys of OpenSSL (SSL_CTX_set_tlsext_ticket_keys). */
const TICKET_KEYS = 48;

/** Milliseconds that connections have to finish after SIGTERM. */
const FINISH = 30_000;
