import { share, Subject, type Observable, type Observer } from 'rxjs';
import type { Sinks, Sources } from '../graph/world.ts';

/** The streams of the graph's edges, by name, without the `$`. */
export type StreamName = keyof Sources | keyof Sinks extends infer Name
  ? Name extends `${infer Plain}$`
    ? Plain
    : never
  : never;

/** What is to be told of a stream; `undefined`: nothing, and the stream is left as it is. */
export type Watcher = (stream: StreamName) => Partial<Observer<unknown>> | undefined;

/** The streams as they are, with a watcher who is told of each event once, however many listen, before any of them is. */
export function watched<T extends Sources | Sinks>(streams: T, watcher: Watcher): T {
  const entries = Object.entries(streams) as [string, Observable<unknown>][];
  return Object.fromEntries(
    entries.map(([name, stream$]) => {
      const observer = watcher(name.replace('$', '') as StreamName);
      if (observer === undefined) return [name, stream$];
      const once = share<unknown>({
        connector: () => new WatchedSubject(observer),
        resetOnComplete: false,
        resetOnError: false,
      });
      return [name, stream$.pipe(once)];
    }),
  ) as unknown as T;
}

/** Tells its watcher first. Instead of a `tap` before the `share`, because every chunk comes through here. */
class WatchedSubject extends Subject<unknown> {
  readonly #watcher: Partial<Observer<unknown>>;

  constructor(watcher: Partial<Observer<unknown>>) {
    super();
    this.#watcher = watcher;
  }

  override next(value: unknown): void {
    this.#watcher.next?.(value);
    super.next(value);
  }

  override error(error: unknown): void {
    this.#watcher.error?.(error);
    super.error(error);
  }

  override complete(): void {
    this.#watcher.complete?.();
    super.complete();
  }
}
