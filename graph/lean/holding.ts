import { Subscription, type TeardownLogic, type Unsubscribable } from 'rxjs';

/**
 * What a listener has to let go of when it is let go itself: a Subscription for those that mostly hold one thing, for which they
 * make no array. `subscribe` and the operators of RxJS take it for one of theirs by its methods.
 */
export class Holding implements Unsubscribable {
  closed = false;
  #one: TeardownLogic = undefined;
  #more: Subscription | undefined;

  add(teardown: TeardownLogic): void {
    if (teardown === undefined || teardown === this) return;
    if (this.closed) letGo(teardown);
    else if (this.#one === undefined && this.#more === undefined) this.#one = teardown;
    else (this.#more ??= new Subscription()).add(teardown);
  }

  remove(teardown: Exclude<TeardownLogic, void>): void {
    if (this.#one === teardown) this.#one = undefined;
    else this.#more?.remove(teardown);
  }

  unsubscribe(): void {
    if (this.closed) return;
    this.closed = true;
    const [one, more] = [this.#one, this.#more];
    this.#one = this.#more = undefined;
    try {
      letGo(one);
    } finally {
      more?.unsubscribe();
    }
  }
}

function letGo(teardown: TeardownLogic): void {
  if (typeof teardown === 'function') teardown();
  else teardown?.unsubscribe();
}
