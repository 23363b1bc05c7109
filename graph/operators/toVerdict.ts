import { combineLatest, delay, map, merge, startWith, take, withLatestFrom } from 'rxjs';
import type { Observable, OperatorFunction, SchedulerLike } from 'rxjs';
import type { Cause } from '../closing-rules.ts';
import type { PeerEnding, Verdict } from '../verdict.ts';
import type { Bytes, CloseNotify, Fault, ProgStatus, Signal } from '../vocabulary.ts';
import { totalBytes } from './totalBytes.ts';

/** What a connection comes to, as streams that each say at most once what has happened. */
export interface Facts {
  readonly peerEnded$: Observable<PeerEnding>;
  readonly progEnded$: Observable<unknown>;
  readonly weEnded$: Observable<'close_notify' | 'fin'>;
  readonly idle$: Observable<unknown>;
  readonly signal$: Observable<Signal>;
  readonly fault$: Observable<Fault>;
  readonly progExit$: Observable<ProgStatus>;
  readonly toProg$: Observable<Bytes>;
  readonly toPeer$: Observable<Bytes | CloseNotify>;
}

/**
 * Combines prog's exit and both endings into exactly one verdict, once all is over.
 *
 * ```
 * prog exit  --0
 * over       -----o----o
 * verdict    -----(v|)
 * ```
 *
 * - **completes**: with its one value.
 * - **errors**: with any of the facts.
 * - **unsubscribes**: at the verdict.
 * - **holds**: one value of each fact, and two numbers.
 *
 * The first fault or the first signal is the cause and decides the exit status; without either it is prog's own.
 * The verdict waits until everything that happens in the same instant has happened: hence the delay of 0.
 *
 * @param facts all but time: `milliseconds` is left out, since only the whole connection knows when it began.
 * @param scheduler the clock.
 */
export const toVerdict =
  (facts: Facts, scheduler: SchedulerLike): OperatorFunction<unknown, Omit<Verdict, 'milliseconds'>> =>
  (over$) =>
    over$.pipe(
      take(1),
      delay(0, scheduler),
      withLatestFrom(storyOf(facts)),
      map(([, story]) => ({ ...story, secured: true })),
    );

function storyOf(facts: Facts): Observable<Omit<Verdict, 'milliseconds' | 'secured'>> {
  return combineLatest({
    first: firstOf(facts).pipe(startWith('timeout' as const)),
    peerEnded: facts.peerEnded$.pipe(startWith(undefined)),
    progEnded: facts.progEnded$.pipe(
      map(() => true),
      startWith(false),
    ),
    weEnded: facts.weEnded$.pipe(startWith('nothing' as const)),
    bytesIn: facts.toProg$.pipe(totalBytes()),
    bytesOut: facts.toPeer$.pipe(totalBytes()),
    prog: facts.progExit$.pipe(startWith(undefined)),
    cause: causeOf(facts).pipe(startWith(undefined)),
  });
}

function firstOf({ peerEnded$, progEnded$, idle$, signal$ }: Facts): Observable<Verdict['first']> {
  return merge(
    peerEnded$.pipe(map(() => 'peer' as const)),
    progEnded$.pipe(map(() => 'prog' as const)),
    idle$.pipe(map(() => 'timeout' as const)),
    signal$,
  ).pipe(take(1));
}

function causeOf({ fault$, signal$ }: Facts): Observable<Cause> {
  return merge(fault$.pipe(map((fault) => ({ fault }))), signal$.pipe(map((signal) => ({ signal })))).pipe(take(1));
}
