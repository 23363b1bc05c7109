import { setImmediate } from 'node:timers/promises';
import { asapScheduler, firstValueFrom, observeOn, ReplaySubject } from 'rxjs';
import { exitStatus } from '../graph/verdict.ts';
import type { Signal } from '../graph/vocabulary.ts';
import { obey } from './command-line.ts';
import { traceFacts, tunnelSettingsOf } from './connection-settings.ts';
import { openContexts } from './credentials/open-contexts.ts';
import { baseEnvironment, progEnvironment } from './environment/prog.ts';
import { parseEnvironment, type Environment } from './environment/settings.ts';
import { dropPrivileges } from './privileges.ts';
import { openNetwork } from './network/descriptors.ts';
import type { Options } from './options/options.ts';
import { parseOptions } from './options/parse.ts';
import { S6_TLSD } from './options/s6-tlsd.ts';
import { progDriver } from './prog/driver.ts';
import { holdLauncher } from './prog/launcher.ts';
import type { Report } from './report.ts';
import { serve } from './serve.ts';
import { signal$ } from './signals.ts';
import { sideWith, startEngine } from './tls/engine.ts';
import { alertRefused } from './tls/verify.ts';
import { openRecords, writersTo } from './trace/records.ts';

/**
 * s6-tlsd: one connection, on fd 0 and fd 1.
 *
 * @param argv without the program's own name.
 * @returns the exit status (spec: 96, 97, 98, 100, 111, 126, 127, 128 + n, or prog's own).
 */
export const main = (argv: readonly string[], environment: Environment): Promise<number> =>
  obey(argv, {
    name: S6_TLSD.name,
    parse: parseOptions,
    run: ({ options, prog }, report) => run(options, prog, environment, report),
  });

async function run(
  options: Options,
  prog: readonly [string, ...string[]],
  environment: Environment,
  report: Report,
): Promise<number> {
  const settings = parseEnvironment(environment, options, process.geteuid?.() === 0);
  const contexts = openContexts(settings, options);
  const side = sideWith(contexts, options);
  const network = openNetwork();
  const info = (message: string): void => report.info(message);
  const warn = (message: string): void => report.warning(message);
  // Opened while we may: the user we become may not write there.
  const { beginTrace, keyLog } = writersTo(openRecords(settings, options, { warn, info }));
  const judged = alertRefused(contexts.all, options.clientCertificate, info);
  // Whoever parses bytes from the network must not be able to start prog as root: a process that never sees them does it.
  const drops = settings.uid !== undefined || settings.gid !== undefined;
  const launcher = drops
    ? holdLauncher({ argv: prog, environment: baseEnvironment(environment, options), info })
    : undefined;
  dropPrivileges(settings);
  const tunnelSettings = tunnelSettingsOf(options);
  const trace = beginTrace?.(traceFacts(S6_TLSD.name, options, tunnelSettings, prog), process.pid);
  const signals$ = new ReplaySubject<Signal>(Infinity);
  signal$.subscribe(signals$);
  const peer = judged((handling) => startEngine(trace?.network(network) ?? network, { ...side, keyLog, handling }));
  // A ClientHello that is already here is answered first: the peer computes its part while we put together ours.
  await setImmediate();
  const toTheEnd = firstValueFrom(
    serve(
      {
        peer,
        prog: progDriver({
          argv: prog,
          environment: (handshake) => progEnvironment(environment, options, handshake),
          warn,
          info,
          launcher,
        }),
        // Not within subscribe: whoever else acts on it may not be subscribed yet.
        signal$: signals$.pipe(observeOn(asapScheduler)),
        watch: (streams) => report.watch(trace?.streams(streams) ?? streams),
      },
      { ...tunnelSettings, witness: trace?.witness },
    ),
  );
  // Only now, when signals are looked after: who reads this line may send one.
  report.info(`start: policy -${options.policy}, prog ${prog.join(' ')}`);
  const verdict = await toTheEnd;
  trace?.end(verdict);
  report.verdict(verdict);
  return exitStatus(verdict);
}
