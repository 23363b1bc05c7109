import { randomBytes } from 'node:crypto';
import type { Observable } from 'rxjs';
import type { Signal } from '../../graph/vocabulary.ts';
import { loadCredentials } from '../credentials/load.ts';
import { baseEnvironment } from '../environment/prog.ts';
import { parseEnvironment, type Environment } from '../environment/settings.ts';
import { environmentOfServer } from '../environment/ucspi.ts';
import { holdKeeper } from '../keeper/hold.ts';
import { keeperAt } from '../keeper/keeper.ts';
import { sharePort } from '../keeper/share-port.ts';
import type { ServerOptions } from '../options/server-options.ts';
import { Death } from '../messages.ts';
import { dropPrivileges } from '../privileges.ts';
import { loadPipe2 } from '../prog/pipe2.ts';
import type { Report } from '../report.ts';
import type { Listener } from './accept.ts';
import { serveHere } from './here.ts';
import { identitiesOf } from './identities.ts';
import { listen } from './listen.ts';
import { serviceManager, type ServiceManager } from './readiness.ts';
import { openRecords, writersTo } from '../trace/records.ts';
import type { Site } from './site.ts';
import { launcherAt } from './launchers.ts';
import type { Keys } from './tls.ts';
import { serveInWorkers } from './workers/in-workers.ts';
import type { Words } from './words.ts';

/** What a server is asked for. */
export interface Wanted extends Words {
  readonly options: ServerOptions;
  readonly environment: Environment;
  readonly report: Report;
  /** Tells connections to end. */
  readonly signal$: Observable<Signal>;
  /** Told when the server can do its work no longer. */
  readonly failed: (reason: unknown) => void;
}

/** A server that listens. */
export interface Prepared {
  readonly listener: Listener;
  readonly manager: ServiceManager;
  readonly site: Site;
  /** Reads the keys again, and uses them from now on. Rejects with a Death when they are no good, and then nothing has changed. */
  readonly renewKeys: () => Promise<void>;
}

/**
 * Reads keys, opens files and sockets, and then gives up the privileges that this took, for good.
 *
 * @throws Death with the reason why the server cannot begin.
 */
export const prepare = async (wanted: Wanted): Promise<Prepared> => {
  const { where, prog, options, environment, report, signal$, failed } = wanted;
  const isRoot = process.geteuid?.() === 0;
  const settings = parseEnvironment(environment, options, isRoot);
  const identities = identitiesOf(settings, options);
  const forProgs = baseEnvironment(environmentOfServer(environment), options);
  const say = {
    warn: (message: string): void => report.warning(message),
    info: (message: string): void => report.info(message),
  };

  const pipe2 = loadPipe2();
  if ('reason' in pipe2 && identities.differ) throw new Death('system', { what: NO_PIPES, reason: pipe2.reason });
  const keys = withTicketKeys(loadCredentials(settings));
  const image = { argv: prog, environment: forProgs, identity: identities.prog };
  const port = identities.drops && isRoot ? sharePort(holdKeeper({ image, keyFiles: settings })) : undefined;
  const keeper = port && keeperAt(port('main'), { prog: prog[0], pipes: () => pipe2, lost: failed });
  const records = openRecords(settings, options, say);
  const listener = await listen(where, { backlog: options.backlog, environment });
  listener.warning$.subscribe(say.warn);
  // It loads koffi, which the user we become may not be able to read.
  const manager = serviceManager(environment, say);
  const launcher = keeper && identities.differ ? launcherAt(keeper) : undefined;
  const here = serveHere(keys, { options, prog, environment: forProgs, ...writersTo(records), signal$, launcher });
  dropPrivileges(identities.engine);

  const site =
    options.workers === 0
      ? here
      : await serveInWorkers(
          { options, prog, keys, throughKeeper: launcher !== undefined },
          { count: options.workers, environment: forProgs, records, keeperFor: port, warn: say.warn, failed, signal$ },
        );
  return {
    listener,
    manager,
    site,
    async renewKeys() {
      const renewed = withTicketKeys((await keeper?.readCredentials()) ?? loadCredentials(settings));
      here.useKeys(renewed);
      if (site !== here) site.useKeys(renewed);
    },
  };
};

const NO_PIPES = 'hand pipes to a prog of another user';

const withTicketKeys = (credentials: Keys['credentials']): Keys => ({
  credentials,
  ticketKeys: randomBytes(TICKET_KEYS),
});

/** Bytes: three keys of OpenSSL (SSL_CTX_set_tlsext_ticket_keys). */
const TICKET_KEYS = 48;
