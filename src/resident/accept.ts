import { createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { Observable, Subject, type Subscriber } from 'rxjs';
import { systemReason } from '../messages.ts';
import { loadPeerCredentials } from '../native/peer-credentials.ts';
import { keepReserve } from './descriptors.ts';
import { tcpEnds, unixEnds, type Ends } from './ends.ts';

/** A connection, of which nothing has been read. */
export interface Accepted {
  /** Paused. Nobody listens to its `error`, which cannot come before it is read or written. */
  readonly socket: Socket;
  readonly ends: Ends;
}

/** One or more sockets that are listened on. */
export interface Listener {
  /** What clients connect to, as `-1` tells it: the port, or the path of a Unix socket; several have spaces between. */
  readonly bound: string;
  /**
   * One subscriber. Connections that come before it subscribes wait for it; there can be no more of them than descriptors. Completes
   * when {@link Listener.close} is called.
   */
  readonly accepted$: Observable<Accepted>;
  /** Lines for people: connections that were closed at once, or could not be accepted, and why. The listener lives. */
  readonly warning$: Observable<string>;
  /**
   * Stops listening at once. Connections that were accepted are not touched; those that the kernel was keeping for us are reset by it,
   * unless somebody else, systemd for example, has the same socket open.
   */
  readonly close: () => void;
}

/**
 * Opens one listening socket. The promise is rejected with the system's error when that fails.
 *
 * A client that has reset its connection before it was accepted is passed over without a word: scanners and load balancers do that,
 * and where accept(2) itself tells of it (ECONNABORTED), libuv keeps it from us as well.
 *
 * @param path of a Unix socket; `undefined` for TCP.
 */
export const acceptOn = async (
  options: ListenOptions | { readonly fd: number; readonly backlog: number },
  path?: string,
): Promise<Listener> => {
  const endsOf = path === undefined ? tcpEnds : unixEnds(path, loadPeerCredentials());
  const noRoomFor = keepReserve();
  const early: Accepted[] = [];
  const warning$ = new Subject<string>();
  let subscriber: Subscriber<Accepted> | undefined;
  let lastFailure: string | undefined;

  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (socket) => {
    lastFailure = undefined;
    const ends = endsOf(socket);
    const refusal = noRoomFor(socket);
    if (ends !== undefined && refusal === undefined) {
      if (subscriber === undefined) early.push({ socket, ends });
      else subscriber.next({ socket, ends });
      return;
    }
    socket.destroy();
    if (refusal !== undefined) warning$.next(refusal);
  });
  await listening(server, options);
  server.on('error', (error) => {
    // libuv 1.46 keeps what accept(2) says to itself and tries again in its next turn. Others tell us, again and again while the
    // reason lasts: one line, until the next connection.
    const failure = systemReason(error);
    if (failure !== lastFailure) warning$.next(`unable to accept a connection: ${failure}`);
    lastFailure = failure;
  });

  return {
    bound: path ?? portOf(server),
    accepted$: new Observable((only) => {
      subscriber = only;
      for (const each of early.splice(0)) only.next(each);
      if (!server.listening) only.complete();
    }),
    warning$,
    close: () => {
      server.close();
      subscriber?.complete();
    },
  };
};

const listening = (server: Server, options: object): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      resolve();
    });
  });

const portOf = (server: Server): string => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? String(address.port) : '';
};
