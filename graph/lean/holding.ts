import type { TeardownLogic, Unsubscribable } from 'rxjs';

/**
 * What a listener lets go of when it is let go itself: a Subscription that takes no more room than it needs, as most hold one thing
 * or two. `subscribe` and the operators of RxJS take it for one of theirs by its methods.
 *
 * All is let go of, in the order in which it came, also when something throws in that; the last error is thrown then.
 */
export class Holding implements Unsubscribable {
  closed = false;
  #held: TeardownLogic | readonly TeardownLogic[] = undefined;

  add(teardown: TeardownLogic): void {
    if (teardown === undefined || teardown === this) return;
    if (this.closed) letGo(teardown);
    else if (this.#held === undefined) this.#held = teardown;
    else this.#held = isList(this.#held) ? [...this.#held, teardown] : [this.#held, teardown];
  }

  remove(teardown: Exclude<TeardownLogic, void>): void {
    if (this.#held === teardown) this.#held = undefined;
    else if (isList(this.#held)) this.#held = this.#held.filter((held) => held !== teardown);
  }

  unsubscribe(): void {
    if (this.closed) return;
    this.closed = true;
    const held = this.#held;
    this.#held = undefined;
    if (isList(held)) letAllGo(held, 0);
    else letGo(held);
  }
}

function letAllGo(all: readonly TeardownLogic[], from: number): void {
  if (from === all.length) return;
  try {
    letGo(all[from]);
  } finally {
    letAllGo(all, from + 1);
  }
}

function letGo(teardown: TeardownLogic): void {
  if (typeof teardown === 'function') teardown();
  else teardown?.unsubscribe();
}

const isList = (held: TeardownLogic | readonly TeardownLogic[]): held is readonly TeardownLogic[] =>
  Array.isArray(held);
