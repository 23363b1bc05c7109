import {
  Observable,
  Subscription,
  type OperatorFunction,
  type SchedulerLike,
  type Subscriber,
  type Unsubscribable,
} from 'rxjs';
import type { Cause } from '../closing-rules.ts';
import { ignore, relay } from '../lean/relay.ts';
import { NOTHING_CARRIED, type PeerEnding, type Verdict } from '../verdict.ts';
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
  (facts: Facts, scheduler: SchedulerLike): OperatorFunction<unknown, Told> =>
  (over$) =>
    new Observable((to) => {
      const story = storyOf(facts, to);
      relay(over$, to, {
        next: (_, over) => {
          to.add(scheduler.schedule(() => over.sayLast(story), 0));
          over.unsubscribe();
        },
      });
    });

type Told = Omit<Verdict, 'milliseconds'>;

/** The story so far, which goes on as long as somebody wants to hear its end. */
function storyOf(facts: Facts, to: Subscriber<Told>): Told {
  const story: { -readonly [Part in keyof Told]: Told[Part] } = { ...NOTHING_YET };
  const hear = <T>(fact$: Observable<T>, next: (value: T) => void): Unsubscribable =>
    relay(fact$, to, { next, complete: ignore });

  // What only the first one tells is not listened to any longer.
  const untilFirst = new Subscription();
  const begun = (first: Verdict['first']): void => {
    if (untilFirst.closed) return;
    story.first = first;
    untilFirst.unsubscribe();
  };
  hear(facts.peerEnded$, (ending) => {
    story.peerEnded = ending;
    begun('peer');
  });
  hear(facts.progEnded$, () => {
    story.progEnded = true;
    begun('prog');
  });
  untilFirst.add(hear(facts.idle$, () => begun('timeout')));
  untilFirst.add(hear(facts.signal$, begun));

  hear(facts.weEnded$, (ending) => (story.weEnded = ending));
  hear(facts.toProg$.pipe(totalBytes()), (total) => (story.bytesIn = total));
  hear(facts.toPeer$.pipe(totalBytes()), (total) => (story.bytesOut = total));
  hear(facts.progExit$, (status) => (story.prog = status));

  const untilCaused = new Subscription();
  const caused = (cause: Cause): void => {
    if (untilCaused.closed) return;
    story.cause = cause;
    untilCaused.unsubscribe();
  };
  untilCaused.add(hear(facts.fault$, (fault) => caused({ fault })));
  untilCaused.add(hear(facts.signal$, (signal) => caused({ signal })));
  return story;
}

const NOTHING_YET: Told = { ...NOTHING_CARRIED, first: 'timeout', cause: undefined, secured: true };
