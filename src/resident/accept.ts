import { createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { Observable, Subject, type Subscriber } from 'rxjs';
import { systemReason } from '../messages.ts';
import { roomFor } from './descriptors.ts';
import { endsOf, type Ends } from './ends.ts';

/** A connection, of which nothing has been read. */
export interface Accepted {
  /** Paused. Nobody listens to its `error`, which cannot come before it is read or written. */
  readonly socket: Socket;
  readonly ends: Ends;
}

/** One or more sockets that are listened on. */
export interface Listener {
  /** What clients connect to, for people and for `-1`: the port, or the path of a Unix socket; several have spaces between. */
  readonly bound: string;
  /**
   * One subscriber. Connections that come before it subscribes wait for it, at most as many as there are descriptors. Completes after
   * {@link Listener.close}.
   */
  readonly accepted$: Observable<Accepted>;
  /** Lines for people: connections that were lost, or closed at once, and why. Never ends the listener. */
  readonly warning$: Observable<string>;
  /** Stops listening at once; connections that were accepted are not touched. Those the kernel still had are reset by it. */
  close(): void;
}

/** Opens one listening socket; the promise is rejected with the system's error. */
export const acceptOn = async (options: ListenOptions): Promise<Listener & { readonly server: Server }> => {
  const early: Accepted[] = [];
  const warning$ = new Subject<string>();
  let subscriber: Subscriber<Accepted> | undefined;
  let lastFailure: string | undefined;
  let ended = false;

  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (socket) => {
    lastFailure = undefined;
    const ends = endsOf(socket, server.address());
    const refusal = roomFor(socket);
    if (ends === undefined || refusal !== undefined || ended) {
      socket.destroy();
      if (refusal !== undefined) warning$.next(refusal);
      return;
    }
    if (subscriber === undefined) early.push({ socket, ends });
    else subscriber.next({ socket, ends });
  });
  await listening(server, options);
  server.on('error', (error) => {
    // accept(2) fails again and again while the reason lasts: one line for it, until it works again.
    const failure = systemReason(error);
    if (failure !== lastFailure) warning$.next(`unable to accept a connection: ${failure}`);
    lastFailure = failure;
  });

  const address = server.address();
  return {
    server,
    bound: typeof address === 'object' && address !== null ? String(address.port) : (address ?? ''),
    accepted$: new Observable((only) => {
      subscriber = only;
      for (const each of early.splice(0)) only.next(each);
      if (ended) only.complete();
    }),
    warning$,
    close() {
      if (ended) return;
      ended = true;
      server.close();
      subscriber?.complete();
    },
  };
};

const listening = (server: Server, options: ListenOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      resolve();
    });
  });
