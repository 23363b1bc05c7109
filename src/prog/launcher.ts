import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { ProgStatus } from '../../graph/vocabulary.ts';
import { Death } from '../messages.ts';
import { TLS_VARIABLES } from '../environment/prog.ts';
import type { TlsVariables } from '../environment/prog.ts';
import { helperProgram, nodeOptionsFor, spawnHelper } from './helper-program.ts';
import { eachLine, lineOf } from './launcher-protocol.ts';
import type { Report } from './launcher-protocol.ts';
import { loadPipe2 } from './pipe2.ts';
import type { Pipe2 } from './pipe2.ts';
import { detachStreams, openPlumbing } from './plumbing.ts';
import type { Plumbing } from './plumbing.ts';
import type { ProgEvents, ProgImage } from './spawn.ts';
import type { RunningProg } from './start.ts';

/** A process that waits, with the privileges we had, to become prog's parent. Lets this process live until it is started. */
export interface HeldLauncher {
  /** Starts prog. Of `environment` only the variables that a handshake sets are used. Once. */
  start(environment: Readonly<Record<string, string>>, events: ProgEvents): RunningProg;
  /** Sends it away when prog was not started. A launcher that nobody releases leaves when this process ends. */
  release(): void;
}

export interface LauncherOptions extends ProgImage {
  readonly info?: (message: string) => void;
  /** Where pipes come from. */
  readonly pipes?: () => Pipe2;
  /** The launcher's program. */
  readonly script?: string;
}

/**
 * Starts the process that will run prog, to be called while we still have the privileges that prog is to get. What it will run
 * and the environment are settled from here on; see launcher-protocol.ts for what can still be said.
 *
 * Throws a {@link Death} (111) when no process can be made.
 */
export const holdLauncher = ({
  argv,
  environment,
  info = nothing,
  pipes = loadPipe2,
  script = helperProgram('launcher'),
}: LauncherOptions): HeldLauncher => {
  const plumbing = openPlumbing(pipes(), info);
  const launcher = spawnLauncher([script, ...argv], environment, plumbing);
  const [, , , channel, madeStdin, madeStdout] = launcher.stdio as unknown as readonly Socket[];
  if (channel === undefined) throw noLauncher('it has no channel');
  detachStreams(launcher);
  const ends = plumbing.ours([madeStdin, madeStdout]);
  const keepsUsAlive = [channel, ends.stdin, ends.stdout];
  for (const handle of [launcher, ...keepsUsAlive]) handle.unref();

  let listener: ProgEvents | undefined;
  const ended = (status: ProgStatus): void => {
    listener?.ended(status);
    listener = undefined;
  };
  const lost = (): void => {
    listener?.warn(new Death('system', { what: `run ${argv[0] ?? ''}`, reason: 'the launcher has gone' }).message);
    ended({ code: 111 });
  };
  channel.on('error', nothing); // `close` follows.
  channel.once('close', lost);
  eachLine(channel, (line) => {
    const report = JSON.parse(line) as Report;
    if ('ended' in report) ended(report.ended);
    else listener?.warn(report.warning);
  });

  return {
    start: (variables, events) => {
      listener = events;
      for (const handle of keepsUsAlive) handle.ref();
      if (channel.destroyed) process.nextTick(lost);
      channel.write(lineOf({ start: handshakeVariables(variables) }));
      return {
        ends,
        signal: (signal) => {
          if (listener) channel.write(lineOf({ signal }));
        },
        forget: () => channel.destroy(),
      };
    },
    release: () => {
      for (const stream of keepsUsAlive) stream.destroy();
    },
  };
};

/** Lets go of prog's ends in any case, and of ours when there will be no launcher. */
const spawnLauncher = (
  [script = '', ...argv]: readonly string[],
  environment: Readonly<Record<string, string>>,
  plumbing: Plumbing,
): ChildProcess => {
  try {
    return spawnHelper('the launcher', [...nodeOptionsFor(script), script, ...argv], {
      env: environment,
      stdio: ['ignore', 'ignore', 'inherit', 'pipe', ...plumbing.progEnds],
    });
  } catch (error) {
    plumbing.giveUp();
    throw error;
  } finally {
    plumbing.letGo();
  }
};

const noLauncher = (reason: string): Death => new Death('system', { what: 'start the launcher', reason });

const handshakeVariables = (environment: Readonly<Record<string, string>>): TlsVariables =>
  Object.fromEntries(TLS_VARIABLES.map((name) => [name, environment[name]])) as TlsVariables;

const nothing = (): void => undefined;
