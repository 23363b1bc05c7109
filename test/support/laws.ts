import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import { switchMap, timer } from 'rxjs';
import type { Observable } from 'rxjs';
import type { TestScheduler } from 'rxjs/testing';
import type { Bytes, CloseNotify } from '../../graph/vocabulary.ts';
import { marbles, type Symbols } from './marbles.ts';
import { readMarks, readRowTexts, splitCases, type RowText } from '../../src/diagram/rows.ts';

/** The given rows by their labels, as live sources. */
export type Given = <T = Bytes | CloseNotify>(label: string) => Observable<T>;

/** What an expected row should show, made from given rows. */
export type Result = (given$: Given, scheduler: TestScheduler) => Observable<unknown>;
export type Results = Readonly<Record<string, Result>>;

/** Makes one stream of a diagram's given rows, whichever of its expected rows asks for it. */
export function once<T>(make$: (given$: Given, scheduler: TestScheduler) => Observable<T>) {
  const made = new WeakMap<Given, Observable<T>>();
  return (given$: Given, scheduler: TestScheduler): Observable<T> => {
    const stream$ = made.get(given$) ?? make$(given$, scheduler);
    made.set(given$, stream$);
    return stream$;
  };
}

/** The same stream, but listened to only from a later frame on. */
export const askedAt =
  (frame: number, result$: Result): Result =>
  (given$, scheduler) =>
    timer(frame, scheduler).pipe(switchMap(() => result$(given$, scheduler)));

/** The first test of an operator: the diagram of its own doc comment happens, frame by frame. */
export function law(operator: string, results: Results, symbols?: Symbols): void {
  splitCases(diagramOf(operator)).forEach((rows, i) => {
    test(`${operator}: the diagram in its comment is what happens (${String(i + 1)})`, play(rows, results, symbols));
  });
}

/** The list every operator owes, each a diagram: rows by label, `result`, `reading <label>` and the frame of `until`. */
export interface Owed {
  readonly value: string;
  readonly completion: string;
  readonly error: string;
  readonly empty: string;
  readonly never: string;
  readonly unsubscribe: string;
  readonly burst: string;
}

/** Tests what every operator owes; a missing case does not compile, a case that does not assert its reading throws. */
export function owes(operator: string, result$: Result, owed: Owed, symbols?: Symbols): void {
  for (const [what, text] of Object.entries(owed) as readonly (readonly [string, string])[]) {
    if (!text.includes('reading ')) throw new Error(`${operator} owes subscriptions in: ${what}`);
    shows(`${operator}: ${TITLES[what as keyof Owed]}`, text, { result: result$ }, symbols);
  }
}

/** A test that is a diagram. */
export function shows(title: string, text: string, results: Results, symbols?: Symbols): void {
  test(title, play(readRowTexts(text), results, symbols));
}

/** The fenced diagram of an operator's doc comment. */
function diagramOf(operator: string): readonly RowText[] {
  const source = readFileSync(new URL(`../../graph/operators/${operator}.ts`, import.meta.url), 'utf8');
  const [, fenced] = /^ \* ```\n((?: \* .*\n)+?) \* ```$/m.exec(source) ?? [];
  if (fenced === undefined) throw new Error(`${operator} has no diagram`);
  return readRowTexts(fenced.replaceAll(/^ \* /gm, ''));
}

function play(rows: readonly RowText[], results: Results, symbols: Symbols = {}): () => void {
  return marbles((m) => {
    const isGiven = ({ label }: RowText): boolean =>
      !(label in results || label === 'until' || label.startsWith(READING));
    const sources = new Map(
      rows.filter(isGiven).map(({ label, marbles: row }) => [label, m.hot<unknown>(row, symbols)]),
    );
    const unused = new Set(sources.keys());
    const given$: Given = <T>(label: string): Observable<T> => {
      unused.delete(label);
      return source$(label) as unknown as Observable<T>;
    };
    const source$ = (label: string) => {
      const found$ = sources.get(label);
      if (found$ === undefined) throw new Error(`no row is called ${label}`);
      return found$;
    };
    const until = rows.find(({ label }) => label === 'until');
    const frame = until && readMarks(until.marbles, /!/)[0]?.frame;
    for (const { label, marbles: row } of rows) {
      const result$ = results[label];
      if (result$ !== undefined) m.expect(result$(given$, m.scheduler), frame).toBe(row, symbols);
      if (label.startsWith(READING)) m.expectReading(source$(label.slice(READING.length))).toBe(row);
    }
    if (unused.size > 0) throw new Error(`no result is made from: ${[...unused].join(', ')}`);
  });
}

const READING = 'reading ';
const TITLES: Readonly<Record<keyof Owed, string>> = {
  value: 'what it does with values',
  completion: 'what it does with the end',
  error: 'what it does with a fault',
  empty: 'what it does with a source that ends at once',
  never: 'what it does with a source that says nothing',
  unsubscribe: 'lets go of its source when unsubscribed',
  burst: 'what it does when everything happens in one frame',
};
