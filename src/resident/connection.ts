import { asapScheduler, defer, mergeMap, Observable, observeOn, tap } from 'rxjs';
import type { Verdict } from '../../graph/verdict.ts';
import type { Signal } from '../../graph/vocabulary.ts';
import { traceFacts, tunnelSettingsOf } from '../connection-settings.ts';
import { tlsVariables, withVariables } from '../environment/prog.ts';
import { ucspiVariables } from '../environment/ucspi.ts';
import { acceptedNetwork } from '../network/accepted.ts';
import type { Options } from '../options/options.ts';
import { S6_TLSSERVER } from '../options/s6-tlsserver.ts';
import { progDriver } from '../prog/driver.ts';
import type { HeldLauncher } from '../prog/launcher.ts';
import { reportAt } from '../report.ts';
import { serve, type Drivers } from '../serve.ts';
import { startEngine } from '../tls/engine.ts';
import type { KeyLog } from '../trace/key-log.ts';
import type { BeginTrace } from '../trace/open.ts';
import type { Admitted } from './admission.ts';
import { nameOf } from './ends.ts';
import type { Tls } from './tls.ts';

/** What all connections of a process have in common. */
export interface Common {
  readonly options: Options;
  readonly prog: readonly [string, ...string[]];
  /** prog's, without what belongs to a single connection. */
  readonly environment: Readonly<Record<string, string>>;
  readonly tls: () => Tls;
  readonly beginTrace: BeginTrace | undefined;
  readonly keyLog: KeyLog | undefined;
  /** Tells connections to stop, as s6-tlsd is told. */
  readonly signal$: Observable<Signal>;
  /** Starts progs. */
  readonly launcher: HeldLauncher;
}

/**
 * Runs an accepted connection as s6-tlsd would: the same tunnel, the same drivers, messages that say which connection they are about.
 * Emits the verdict and completes.
 */
export function serveAccepted({ socket, ends, number, ofClient }: Admitted, common: Common): Observable<Verdict> {
  return defer(() => {
    const { options, prog, beginTrace, launcher, signal$ } = common;
    const report = reportAt(options.verbosity, { program: S6_TLSSERVER.name, connection: number });
    const settings = tunnelSettingsOf(options);
    const { side, judged } = common.tls();
    const trace = beginTrace?.(traceFacts(S6_TLSSERVER.name, options, settings, prog), number);
    const network = acceptedNetwork(socket);
    const info = (message: string): void => report.info(message);
    info(`from ${nameOf(ends)}: policy -${options.policy}, prog ${prog.join(' ')}`);
    const peer = judged((handling) => startEngine(trace?.network(network) ?? network, { ...side, handling }));
    const drivers: Drivers = {
      peer,
      prog: progDriver({
        argv: prog,
        environment: (handshake) =>
          withVariables({ ...common.environment, ...ucspiVariables(ends, ofClient) }, tlsVariables(handshake)),
        warn: (message) => report.warning(message),
        info,
        launcher,
      }),
      // Not within subscribe: whoever else acts on it may not be subscribed yet.
      signal$: signal$.pipe(observeOn(asapScheduler)),
      watch: (streams) => report.watch(trace?.streams(streams) ?? streams),
    };
    // A ClientHello that is already here is answered first: the peer computes its part while we put together ours.
    return afterNextPoll$.pipe(
      mergeMap(() => serve(drivers, { ...settings, witness: trace?.witness })),
      tap((verdict) => {
        trace?.end(verdict);
        report.verdict(verdict);
      }),
    );
  });
}

/** When the event loop has looked at what there is to read. We are called from its poll phase: the first turn comes before the next one. */
const afterNextPoll$ = new Observable<void>((subscriber) => {
  let turn = setImmediate(() => {
    turn = setImmediate(() => {
      subscriber.next();
      subscriber.complete();
    });
  });
  subscriber.add(() => clearImmediate(turn));
});
