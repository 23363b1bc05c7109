import { Observable, type OperatorFunction, Subscription } from 'rxjs';
import type { Accepted } from './accept.ts';
import type { Ends } from './ends.ts';

/** A connection whose turn has come. */
export interface Admitted extends Accepted {
  /** Counted from 1. */
  readonly number: number;
  /** Connections of the same client now: this one, and those that wait, included. */
  readonly ofClient: number;
}

export interface Limits {
  /** Connections at once: `-c`. */
  readonly maxConnections: number;
  /** Those of one client: `-C`. */
  readonly maxPerClient: number;
  /** How many may wait for their turn: `-b`. */
  readonly backlog: number;
}

/** What is done with connections. */
export interface Reception {
  /** Completes when the connection is over. */
  serve(admitted: Admitted): Observable<unknown>;
  /** Told why a connection was closed at once. */
  refused(accepted: Accepted, reason: string): void;
}

/**
 * Serves connections, as many at once as the limits allow. The next ones wait for their turn, unread, as they would in the kernel's
 * queue if we did not accept them; and where that one would be full, they are closed. So are those of a client that has its
 * share, at once: it must not fill the queue for others.
 *
 *     accepted    a-b-c-d-----|        at once 2, backlog 1
 *     served      a-b-----c---         when a is over
 *     refused     ------d-
 *
 * - **completes** when no more are accepted, and all that were served are over. Those that wait then are closed.
 * - **unsubscribes** from those that are served.
 * - **holds** as many connections as may wait.
 *
 * `new Observable`, because of the queue with an end.
 */
export const admit =
  ({ maxConnections, maxPerClient, backlog }: Limits, reception: Reception): OperatorFunction<Accepted, never> =>
  (accepted$) =>
    new Observable((subscriber) => {
      const present = new Map<string, number>();
      const waiting: Accepted[] = [];
      let open = 0;
      let number = 0;
      let ended = false;

      const refuse = (accepted: Accepted, reason: string): void => {
        reception.refused(accepted, reason);
        accepted.socket.destroy();
      };
      const count = ({ ends }: Accepted, change: 1 | -1): void => {
        const client = clientOf(ends);
        const now = (present.get(client) ?? 0) + change;
        if (now === 0) present.delete(client);
        else present.set(client, now);
      };
      const begin = (accepted: Accepted): void => {
        open += 1;
        number += 1;
        const served = new Subscription();
        const over = (): void => {
          subscriber.remove(served);
          open -= 1;
          count(accepted, -1);
          const next = waiting.shift();
          if (next !== undefined) begin(next);
          if (ended && open === 0) subscriber.complete();
        };
        const ofClient = present.get(clientOf(accepted.ends)) ?? 0;
        subscriber.add(served);
        served.add(
          reception.serve({ ...accepted, number, ofClient }).subscribe({
            error: (error: unknown) => subscriber.error(error),
            complete: over,
          }),
        );
      };

      const whyNot = ({ ends }: Accepted): string | undefined => {
        if ((present.get(clientOf(ends)) ?? 0) >= maxPerClient) return `its client has ${maxPerClient} already`;
        if (open < maxConnections || waiting.length < backlog) return undefined;
        return `${maxConnections} are served and ${waiting.length} wait already`;
      };

      subscriber.add(
        accepted$.subscribe({
          next(accepted) {
            const reason = whyNot(accepted);
            if (reason !== undefined) {
              refuse(accepted, reason);
              return;
            }
            count(accepted, 1);
            if (open < maxConnections) begin(accepted);
            else waiting.push(accepted);
          },
          error: (error: unknown) => subscriber.error(error),
          complete() {
            ended = true;
            for (const accepted of waiting.splice(0)) refuse(accepted, 'the server stops');
            if (open === 0) subscriber.complete();
          },
        }),
      );
    });

/** An address; of Unix sockets a user. */
const clientOf = (ends: Ends): string => (ends.kind === 'tcp' ? ends.remote.ip : `uid ${ends.peer?.uid ?? 'unknown'}`);
