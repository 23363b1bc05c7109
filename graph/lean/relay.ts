import { Observable, Subscription, type Observer, type OperatorFunction, type Subscriber } from 'rxjs';

/** What a relay does with what it hears; what is left out it passes on as it is. */
export interface Hears<T, R> {
  readonly next?: (value: T, relay: Relay<T, R>) => void;
  readonly error?: (error: unknown, relay: Relay<T, R>) => void;
  readonly complete?: (relay: Relay<T, R>) => void;
}

/** An operator that is one {@link Relay} and keeps nothing in mind. */
export const relaying =
  <T, R = T>(hears: Hears<T, R>): OperatorFunction<T, R> =>
  (source$) =>
    new Observable((to) => void relay(source$, to, hears));

/** Listens to a stream on behalf of a subscriber, and no longer than that one does. */
export function relay<T, R>(source$: Observable<T>, to: Subscriber<R>, hears: Hears<T, R>): Subscription {
  const listener = new Relay(to, hears);
  source$.subscribe(listener);
  return listener;
}

/** For what is not to be passed on. */
export const ignore = (): void => undefined;

/**
 * One listener to one stream: what the operators of the tunnel are made of.
 *
 * By hand, because a resident server keeps a graph for every connection, and a listener of RxJS's own operators takes about 1.2 KiB,
 * most of it closures. What an operator does is the same for each of its listeners, so they share one {@link Hears}; and as this is
 * an observer and a Subscription in one, `subscribe` takes it as it is, without a wrapping.
 *
 * The order is that of RxJS's operators: what ends by itself says so before it lets go of its source; what has something of its own
 * to say at the source's end lets go before. An error thrown by what hears goes to the subscriber.
 */
class Relay<T, R> extends Subscription implements Observer<T> {
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
    const { next } = this.#hears;
    if (next === undefined) return this.#to.next(value as unknown as R);
    try {
      next(value, this);
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  error(error: unknown): void {
    if (this.#ended || this.closed) return;
    this.#ended = true;
    const heard = this.#hears.error;
    if (heard === undefined) this.#to.error(error);
    this.unsubscribe();
    if (heard !== undefined) this.#lastly(() => heard(error, this));
  }

  complete(): void {
    if (this.#ended || this.closed) return;
    this.#ended = true;
    const heard = this.#hears.complete;
    if (heard === undefined) this.#to.complete();
    this.unsubscribe();
    if (heard !== undefined) this.#lastly(() => heard(this));
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

  #lastly(say: () => void): void {
    try {
      say();
    } catch (thrown) {
      this.fail(thrown);
    }
  }
}
