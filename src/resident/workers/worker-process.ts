import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Subscriber } from 'rxjs';
import type { Environment } from '../../environment/settings.ts';
import type { KeeperPort } from '../../keeper/port.ts';
import { Death, systemReason } from '../../messages.ts';
import { helperProgram, nodeOptionsFor } from '../../prog/helper-program.ts';
import type { Admitted } from '../admission.ts';
import type { Records } from '../records.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { relay } from './relay.ts';

export interface WorkerEvents {
  /** It can serve. Once. */
  readonly ready: () => void;
  /** It has gone, and so many connections with it. Once, and last. */
  readonly gone: (how: string, lost: number) => void;
}

/** A process that serves connections, as the one that accepts them sees it. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #open = new Map<number, Subscriber<unknown>>();
  #isReady = false;

  /** @throws Death 111 when no process can be made. */
  constructor(
    place: { environment: Environment; records: Records },
    keeper: KeeperPort | undefined,
    events: WorkerEvents,
  ) {
    this.#child = spawnWorker(place);
    const toKeeper = keeper && relay(keeper, (told) => this.say({ fromKeeper: told }));
    this.#child.on('message', (message: FromWorker, descriptor?: Socket) => {
      if (message === 'ready') {
        this.#isReady = true;
        events.ready();
      } else if ('over' in message) this.#over(message.over);
      else toKeeper?.ask(message.toKeeper, descriptor);
    });
    this.#child.once('exit', (code, signal) => {
      const lost = this.connections;
      for (const number of [...this.#open.keys()]) this.#over(number);
      toKeeper?.workerGone();
      events.gone(signal === null ? `exited ${String(code)}` : `was killed by ${signal}`, lost);
    });
  }

  /** How many it has. */
  get connections(): number {
    return this.#open.size;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** What cannot be said is not: then it has gone, or will. */
  say(message: ToWorker, socket?: Socket): void {
    this.#child.send(message, socket, undefined, nothing);
  }

  /** Hands it a connection; `subscriber` completes when that is over. */
  serve({ socket, ...connection }: Admitted, subscriber: Subscriber<unknown>): void {
    this.#open.set(connection.number, subscriber);
    this.say({ serve: connection }, socket);
  }

  #over(number: number): void {
    const subscriber = this.#open.get(number);
    this.#open.delete(number);
    subscriber?.complete();
  }
}

/** Descriptors 4 and 5 are those that `inheritedRecords` finds. */
const spawnWorker = ({ environment, records }: { environment: Environment; records: Records }): ChildProcess => {
  const script = helperProgram('worker');
  try {
    const child = spawn(process.execPath, [...nodeOptionsFor(script), script], {
      env: environment,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc', records.trace?.fd ?? 'ignore', records.keyLog?.fd ?? 'ignore'],
      serialization: 'advanced',
    });
    child.on('error', nothing); // Says in the next tick what the missing pid says now; later, that a message could not be sent.
    if (child.pid !== undefined) return child;
  } catch (error) {
    throw noWorker(systemReason(error));
  }
  throw noWorker('no process could be made');
};

const noWorker = (reason: string): Death => new Death('system', { what: 'start a worker', reason });

const nothing = (): void => undefined;
