/** Conditions that tests wait for, always with a deadline and a message that says what was seen instead. */
export class Watch {
  readonly #describe: () => string;
  readonly #waiting = new Set<() => void>();

  /** `describe` tells, for the failure message, what has been seen so far. */
  constructor(describe: () => string) {
    this.#describe = describe;
  }

  /** To be called after every change of the watched state. */
  changed(): void {
    for (const check of [...this.#waiting]) check();
  }

  /** Resolves when `condition` holds; rejects after `deadline` milliseconds. */
  until(what: string, condition: () => boolean, deadline = DEADLINE): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(check);
      };
      const check = (): void => {
        if (!condition()) return;
        finish();
        resolve();
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`waited ${String(deadline)} ms for ${what}; seen so far: ${this.#describe()}`));
      }, deadline);
      this.#waiting.add(check);
      check();
    });
  }
}

/** Resolves like `promise`, but rejects after `deadline` milliseconds. */
export const within = <T>(what: string, promise: Promise<T>, deadline = DEADLINE): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`waited ${String(deadline)} ms for ${what}`));
    }, deadline);
  });
  return Promise.race([promise, late]).finally(() => {
    clearTimeout(timer);
  });
};

/**
 * Looks at something that gives no event (another process, seen through /proc) every few milliseconds, until it is as
 * wanted.
 */
export const poll = async (
  what: string,
  condition: () => boolean | Promise<boolean>,
  deadline = DEADLINE,
): Promise<void> => {
  const end = Date.now() + deadline;
  for (;;) {
    if (await condition()) return;
    if (Date.now() > end) throw new Error(`waited ${String(deadline)} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** Milliseconds; generous, because a test machine may be busy with other suites. */
const DEADLINE = 15_000;
