import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Subscriber } from 'rxjs';
import type { Environment } from '../../environment/settings.ts';
import type { KeeperPort } from '../../keeper/port.ts';
import { helperProgram, nodeOptionsFor, spawnHelper } from '../../prog/helper-program.ts';
import type { Admitted } from '../admission.ts';
import type { Records } from '../../trace/records.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { relay } from './relay.ts';

/** A connection on its way to a worker, or with it. */
export interface Handed {
  readonly admitted: Admitted;
  /** Completes when the connection is over. */
  readonly subscriber: Subscriber<unknown>;
}

export interface WorkerEvents {
  /** It can serve. Once. */
  readonly ready: () => void;
  /** It has passed a signal on to its connections. */
  readonly signalled: () => void;
  /** It has gone, and `lost` connections with it. Nothing of `unserved` has been read: somebody else can serve them. Once, and last. */
  readonly gone: (how: string, lost: readonly Handed[], unserved: readonly Handed[]) => void;
}

/** A process that serves connections, as the one that accepts them sees it. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  /** Handed over, and not known to have arrived: the socket is still open here, too. */
  readonly #onTheWay = new Map<number, Handed>();
  readonly #open = new Map<number, Handed>();
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
      } else if (message === 'signalled') events.signalled();
      else if ('taken' in message) this.#taken(message.taken);
      else if ('over' in message) this.#over(message.over);
      else toKeeper?.ask(message.toKeeper, descriptor);
    });
    this.#child.once('exit', (code, signal) => {
      toKeeper?.workerGone();
      const how = signal === null ? `exited ${String(code)}` : `was killed by ${signal}`;
      events.gone(how, [...this.#open.values()], [...this.#onTheWay.values()]);
    });
  }

  /** How many it has. */
  get connections(): number {
    return this.#open.size + this.#onTheWay.size;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** What cannot be said is not: then it has gone, or will. */
  say(message: ToWorker, socket?: Socket): void {
    // Node itself would close the socket once it has arrived, and never if it does not.
    this.#child.send(message, socket, { keepOpen: true }, nothing);
  }

  /** Hands it a connection. */
  serve(handed: Handed): void {
    const { socket, ...connection } = handed.admitted;
    this.#onTheWay.set(connection.number, handed);
    this.say({ serve: connection }, socket);
  }

  #taken(number: number): void {
    const handed = this.#onTheWay.get(number);
    if (handed === undefined) return;
    this.#onTheWay.delete(number);
    this.#open.set(number, handed);
    handed.admitted.socket.destroy();
  }

  #over(number: number): void {
    const handed = this.#open.get(number);
    this.#open.delete(number);
    handed?.subscriber.complete();
  }
}

/** Descriptors 4 and 5 are those that `inheritedRecords` finds. */
const spawnWorker = ({ environment, records }: { environment: Environment; records: Records }): ChildProcess => {
  const script = helperProgram('worker');
  return spawnHelper('a worker', [...nodeOptionsFor(script), script], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc', records.trace?.fd ?? 'ignore', records.keyLog?.fd ?? 'ignore'],
    serialization: 'advanced',
  });
};

const nothing = (): void => undefined;
