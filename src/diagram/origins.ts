import { waits, type Law } from '../../graph/laws.ts';
import type { Given } from './scenario.ts';

/** What made the graph say something: one thing that happened, and the laws that have decided since. */
export interface Occasion {
  /** `undefined`: the graph began, or a law had waited long enough. */
  readonly happened: Happening | undefined;
  /** In the order in which they decided. */
  readonly laws: readonly Law[];
}

/** A mark of a given row, or what the drivers do of themselves in a row that is not given. */
export interface Happening {
  readonly label: Given;
  readonly symbol: string;
}

/** Keeps in mind what is happening while a scenario is played: the graph answers in the same call. */
export class Origins {
  readonly #clock: { readonly now: () => number };
  #happened: Happening | undefined;
  #laws: Law[] = [];
  #frame = 0;

  constructor(clock: { readonly now: () => number }) {
    this.#clock = clock;
  }

  during(happened: Happening, work: () => void): void {
    this.#begin(happened);
    work();
    this.#begin(undefined);
  }

  decided(law: Law): void {
    // Two timers can be due in one frame.
    if (this.#happened === undefined && waits(law)) this.#begin(undefined);
    this.#laws = [...this.now().laws, law];
  }

  now(): Occasion {
    // Timers are the graph's own, and do not come through `during`: one that is due in another frame is another occasion.
    if (this.#happened === undefined && this.#frame !== this.#clock.now()) this.#begin(undefined);
    return { happened: this.#happened, laws: this.#laws };
  }

  #begin(happened: Happening | undefined): void {
    this.#happened = happened;
    this.#laws = [];
    this.#frame = this.#clock.now();
  }
}
