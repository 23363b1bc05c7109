import { Observable, type Observer, type OperatorFunction, type Subscriber, type Unsubscribable } from 'rxjs';
import { Holding } from './holding.ts';

/** What a relay does with what it hears; what is left out it passes on as it is. */
export interface Hears<T, R> {
  next?(value: T, relay: Relay<T, R>): void;
  error?(error: unknown, relay: Relay<T, R>): void;
  complete?(relay: Relay<T, R>): void;
}

/** An operator that is one {@link Relay} and keeps nothing in mind. */
export const relaying =
  <T, R = T>(hears: Hears<T, R>): OperatorFunction<T, R> =>
  (source$) =>
    relayed(source$, hears);

/** Listens to a stream on behalf of a subscriber, and no longer than that one does. */
export function relay<T, R>(source$: Observable<T>, to: Subscriber<R>, hears: Hears<T, R>): Unsubscribable {
  const listener = new Relay(to, hears);
  listener.add(source$.subscribe(listener));
  return listener;
}

// A function of its own: what is kept is its scope, and none around it.
function relayed<T, R>(source$: Observable<T>, hears: Hears<T, R>): Observable<R> {
  return new Observable((to) => void relay(source$, to, hears));
}

/** For what is not to be passed on. */
export const ignore = (): void => undefined;

/**
 * One listener to one stream: what the operators of the tunnel are made of.
 *
 * By hand, because a resident server keeps a graph for every connection, and a listener of RxJS's own operators takes about 1.2 KiB,
 * most of it closures. What an operator does is the same for each of its listeners, so they share one {@link Hears}; and as this is
 * an observer and a subscription in one, `subscribe` takes it as it is, without a wrapping.
 *
 * The order is that of RxJS's operators: what ends by itself says so before it lets go of its source; what has something of its own
 * to say at the source's end lets go before. An error thrown by what hears goes to the subscriber.
 */
class Relay<T, R> extends Holding implements Observer<T> {
  readonly #to: Subscriber<R>;
  readonly #hears: Hears<T, R>;
  #ended = false;

  constructor(to: Subscriber<R>, hears: Hears<T, R>) {
    super();
    this.#to = to;
    this.#hears = hears;
    to.add(this);
  }

  next(value: T): void {
    if (this.#ended || this.closed) return;
    const hears = this.#hears;
    if (hears.next === undefined) return this.#to.next(value as unknown as R);
    try {
      hears.next(value, this);
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  error(error: unknown): void {
    if (this.#ended || this.closed) return;
    this.#ended = true;
    const hears = this.#hears;
    if (hears.error === undefined) this.#to.error(error);
    this.unsubscribe();
    try {
      hears.error?.(error, this);
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  complete(): void {
    if (this.#ended || this.closed) return;
    this.#ended = true;
    const hears = this.#hears;
    if (hears.complete === undefined) this.#to.complete();
    this.unsubscribe();
    try {
      hears.complete?.(this);
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  override unsubscribe(): void {
    if (!this.closed) this.#to.remove(this);
    super.unsubscribe();
  }

  /** Tells the subscriber something. */
  say(value: R): void {
    this.#to.next(value);
  }

  /** Tells the subscriber something, and that this was all. */
  sayLast(value: R): void {
    this.#ended = true;
    this.#to.next(value);
    this.#to.complete();
  }

  /** Tells the subscriber that this was all. */
  end(): void {
    this.#ended = true;
    this.#to.complete();
  }

  /** Tells the subscriber what broke. */
  fail(error: unknown): void {
    this.#ended = true;
    this.#to.error(error);
  }
}
