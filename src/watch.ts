import { share, tap, type Observable, type TapObserver } from 'rxjs';
import type { Sinks, Sources } from '../graph/world.ts';

/** The streams of the graph's edges, by name, without the `$`. */
export type StreamName = keyof Sources | keyof Sinks extends infer Name
  ? Name extends `${infer Plain}$`
    ? Plain
    : never
  : never;

/** What is to be told of a stream; `undefined`: nothing, and the stream is left as it is. */
export type Watcher = (stream: StreamName) => Partial<TapObserver<unknown>> | undefined;

/** The streams as they are, with a watcher who is told of each event once, however many listen, before any of them is. */
export function watched<T extends Sources | Sinks>(streams: T, watcher: Watcher): T {
  const entries = Object.entries(streams) as [string, Observable<unknown>][];
  return Object.fromEntries(
    entries.map(([name, stream$]) => {
      const observer = watcher(name.replace('$', '') as StreamName);
      if (observer === undefined) return [name, stream$];
      return [name, stream$.pipe(tap(observer), share({ resetOnComplete: false, resetOnError: false }))];
    }),
  ) as unknown as T;
}
