import { isDeepStrictEqual } from 'node:util';
import type { Observable, Subscription } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { CLOSE_NOTIFY, Fault, type Bytes, type CloseNotify } from '../../graph/vocabulary.ts';
import { drawRows, readMarks, type Mark, type Row } from '../../src/diagram/rows.ts';

/** What symbols stand for, besides or instead of the alphabet of the project; `#` is the error. */
export type Symbols = Readonly<Record<string, unknown>>;

type Hot<T> = ReturnType<typeof TestScheduler.prototype.createHotObservable<T>>;

/** A live source that knows when it was listened to. */
type Read = Pick<Hot<never>, 'subscriptions'>;

/** The table on which marbles are laid. Frames are milliseconds, everything begins in frame 0. */
export interface Marbles {
  readonly scheduler: TestScheduler;
  /** A live source. Rows created earlier come first within a frame. */
  hot<T = Bytes | CloseNotify>(row: string, symbols?: Symbols): Hot<T>;
  /** Says what an observable does; `until` is the frame in which it is unsubscribed. */
  expect(observable$: Observable<unknown>, until?: number): { toBe(row: string, symbols?: Symbols): void };
  /** Says when a live source is listened to: one `^---!` a subscription. */
  expectReading(source$: Read): { toBe(...rows: readonly string[]): void };
}

/**
 * A test in virtual time. Fails when something differs, with aligned marble rows; when an expectation was begun but never
 * got its `toBe`; and when nothing was expected at all.
 */
export const marbles = (body: (m: Marbles) => void) => (): void => {
  // The rows are compared below, all of them at once, so that they can be shown under each other.
  const scheduler = new TestScheduler(() => undefined);
  const given: Row[] = [];
  const checks: Check[] = [];
  scheduler.run(() => {
    body({
      scheduler,
      hot: <T>(row: string, symbols: Symbols = {}): Hot<T> => {
        given.push({ label: 'given', marks: readMarks(row, ANY) });
        return scheduler.createHotObservable<T>(row, valuesOf(row, symbols) as Record<string, T>, errorOf(symbols));
      },
      expect: (observable$, until) => {
        const check: Check = { actual: [], legend: [] };
        checks.push(check);
        const unsubscribing = listen(scheduler, observable$, check);
        if (until !== undefined) scheduler.schedule(() => unsubscribing().unsubscribe(), until);
        return {
          toBe(row, symbols = {}) {
            check.expected = readMarks(row, ANY);
            check.symbols = symbols;
          },
        };
      },
      expectReading: (source$) => {
        const check: Check = { actual: [], legend: [], reading: source$ };
        checks.push(check);
        return {
          toBe(...rows) {
            check.expected = rows.flatMap((row) => readMarks(row, /[\^!]/));
          },
        };
      },
    });
  });
  judge(given, checks);
};

interface Check {
  actual: Mark[];
  expected?: readonly Mark[];
  symbols?: Symbols;
  reading?: Read;
  readonly legend: string[];
}

function listen(scheduler: TestScheduler, observable$: Observable<unknown>, check: Check): () => Subscription {
  let subscription: Subscription | undefined;
  const mark = (symbol: string): void => void check.actual.push({ frame: scheduler.now(), symbol });
  scheduler.schedule(() => {
    subscription = observable$.subscribe({
      next: (value) => {
        mark(symbolOf(value, check));
      },
      error: (error: unknown) => {
        mark(isDeepStrictEqual(error, errorOf(check.symbols ?? {})) ? '#' : stranger(error, check));
      },
      complete: () => {
        mark('|');
      },
    });
  });
  return () => {
    if (subscription === undefined) throw new Error('unsubscribed before it was subscribed');
    return subscription;
  };
}

function judge(given: readonly Row[], checks: readonly Check[]): void {
  if (checks.length === 0) throw new Error('nothing was expected');
  if (checks.some(({ expected }) => expected === undefined)) throw new Error('an expectation never got its toBe');
  for (const check of checks) {
    if (check.reading !== undefined) check.actual = check.reading.subscriptions.flatMap(marksOf);
  }
  const wrong = checks.filter(({ actual, expected }) => !isDeepStrictEqual(actual, expected));
  if (wrong.length === 0) return;
  const pairs = wrong.flatMap(({ actual, expected = [], reading }): Row[] => {
    const what = reading === undefined ? '' : ' reading';
    return [
      { label: `expected${what}`, marks: expected },
      { label: `actual${what}`, marks: actual },
    ];
  });
  const legends = wrong.flatMap(({ legend }) => legend);
  throw new Error([`what happened is not what was expected`, drawRows([...given, ...pairs]), ...legends].join('\n'));
}

const marksOf = ({ subscribedFrame, unsubscribedFrame }: { subscribedFrame: number; unsubscribedFrame: number }) => [
  { frame: subscribedFrame, symbol: '^' },
  ...(unsubscribedFrame === Infinity ? [] : [{ frame: unsubscribedFrame, symbol: '!' }]),
];

function symbolOf(value: unknown, check: Check): string {
  const named = Object.entries(check.symbols ?? {}).find(([, known]) => isDeepStrictEqual(known, value));
  if (named !== undefined) return named[0];
  if (value === CLOSE_NOTIFY) return 'N';
  if (value === undefined) return 'T';
  if (typeof value === 'number' && value >= 0 && value <= 9) return String(value);
  if (value instanceof Uint8Array && value.length === 1) return String.fromCharCode(...value);
  return stranger(value, check);
}

function stranger(value: unknown, check: Check): string {
  check.legend.push(`? is ${value instanceof Error ? String(value) : JSON.stringify(value)}`);
  return '?';
}

const valuesOf = (row: string, symbols: Symbols): Symbols =>
  Object.fromEntries(
    [...new Set(row)].map((symbol) => [symbol, symbol in symbols ? symbols[symbol] : alphabet(symbol)]),
  );

function alphabet(symbol: string): unknown {
  if (symbol === 'N') return CLOSE_NOTIFY;
  if (symbol === 'T') return undefined;
  return /\d/.test(symbol) ? Number(symbol) : Uint8Array.of(symbol.charCodeAt(0));
}

const errorOf = (symbols: Symbols): unknown => ('#' in symbols ? symbols['#'] : RESET);
const RESET = new Fault('reset', 'reset');
const ANY = /[a-zA-Z0-9|#]/;
