import { Observable, type Observer, type Subscriber, type Unsubscribable } from 'rxjs';
import { Holding } from './holding.ts';

/**
 * Lets many listen to one source, from the first of them to the last; once it has ended it is never started anew.
 *
 * What `share` does with a Subject or a ReplaySubject(1); by hand for the reason that `relay.ts` gives.
 *
 * @param remembers whoever comes late is told the last value.
 */
export function shared<T>(source$: Observable<T>, remembers: boolean): Observable<T> {
  let hub: Hub<T> | undefined;
  return new Observable((to) => {
    if (hub !== undefined && !hub.isLeft()) return hub.join(to);
    const first = new Hub<T>(remembers);
    hub = first;
    first.join(to);
    if (!first.closed) first.add(source$.subscribe(first));
  });
}

/** One listener to a source, and all those who listen to it. */
class Hub<T> extends Holding implements Observer<T> {
  readonly #remembers: boolean;
  // Never changed, only replaced: who comes or goes in the middle of a value changes nothing for that value.
  #listeners: readonly Subscriber<T>[] = NOBODY;
  #last: { readonly value: T } | undefined;
  #ending: { readonly error?: unknown } | undefined;

  constructor(remembers: boolean) {
    super();
    this.#remembers = remembers;
  }

  /** All have gone before the end. */
  isLeft(): boolean {
    return this.closed && this.#ending === undefined;
  }

  join(to: Subscriber<T>): void {
    if (this.#ending === undefined) {
      this.#listeners = [...this.#listeners, to];
      to.add(new Seat(this, to));
    }
    if (this.#last !== undefined) to.next(this.#last.value);
    if (this.#ending !== undefined) tellEnding(to, this.#ending);
  }

  next(value: T): void {
    if (this.closed) return;
    if (this.#remembers) this.#last = { value };
    for (const listener of this.#listeners) listener.next(value);
  }

  error(error: unknown): void {
    this.#end({ error });
  }

  complete(): void {
    this.#end({});
  }

  #end(ending: { readonly error?: unknown }): void {
    if (this.closed || this.#ending !== undefined) return;
    this.#ending = ending;
    const listeners = this.#listeners;
    this.#listeners = NOBODY;
    for (const listener of listeners) tellEnding(listener, ending);
    this.unsubscribe();
  }

  leave(to: Subscriber<T>): void {
    if (this.#ending !== undefined) return;
    this.#listeners = this.#listeners.filter((listener) => listener !== to);
    if (this.#listeners.length === 0) this.unsubscribe();
  }
}

/** The place of one listener in a hub, until it leaves. */
class Seat<T> implements Unsubscribable {
  readonly #hub: Hub<T>;
  readonly #listener: Subscriber<T>;

  constructor(hub: Hub<T>, listener: Subscriber<T>) {
    this.#hub = hub;
    this.#listener = listener;
  }

  unsubscribe(): void {
    this.#hub.leave(this.#listener);
  }
}

function tellEnding(to: Subscriber<unknown>, ending: { readonly error?: unknown }): void {
  if ('error' in ending) to.error(ending.error);
  else to.complete();
}

const NOBODY: readonly never[] = [];
