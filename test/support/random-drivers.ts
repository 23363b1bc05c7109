import { Observable, Subject } from 'rxjs';
import type { VirtualTimeScheduler } from 'rxjs';
import type { Bytes, Fault } from '../../graph/vocabulary.ts';

/** A source that reads only while it is asked to, one step after the other. */
export function reader<T>(clock: VirtualTimeScheduler) {
  const out$ = new Subject<T>();
  const steps: { readonly after: number; readonly run: () => void; readonly needsDemand: boolean }[] = [];
  const said: number[] = [];
  let high = true;
  let waiting = false;
  let ready = false;
  const pump = (): void => {
    const [step] = steps;
    if (step === undefined || waiting) return;
    if (!ready) {
      waiting = true;
      clock.schedule(() => {
        waiting = false;
        ready = true;
        pump();
      }, step.after);
    } else if (high || !step.needsDemand) {
      ready = false;
      steps.shift();
      step.run();
      pump();
    }
  };
  return {
    said,
    read$: new Observable<T>((subscriber) => {
      const subscription = out$.subscribe(subscriber);
      subscription.add(() => steps.splice(0));
      return subscription;
    }),
    demand: (asked: boolean): void => {
      high = asked;
      pump();
    },
    say(after: number, bytes: number, first: number): number {
      const chunk = Uint8Array.from({ length: bytes }, (_, i) => (first + said.length + i) % 256);
      said.push(...chunk);
      steps.push({
        after,
        needsDemand: true,
        run: () => {
          out$.next(chunk as T);
        },
      });
      pump();
      return steps.reduce((sum, step) => sum + step.after, 0);
    },
    then(after: number, run: () => void): void {
      steps.push({ after, needsDemand: false, run });
      pump();
    },
    tell: (value: T): void => {
      out$.next(value);
    },
    end: (): void => {
      out$.complete();
    },
    fail: (fault: Fault): void => {
      out$.error(fault);
    },
  };
}

/** A way to the peer or to prog that takes what it is given after a while, or never. */
export function way(
  taken$: Subject<number>,
  delayed: () => number | undefined,
  at: (delayed: number, work: () => void) => void,
) {
  const given: number[] = [];
  let onTheWay = 0;
  let most = 0;
  let ended = false;
  let gone = false;
  const take = (bytes: number): void => {
    if (gone || bytes > onTheWay) return;
    onTheWay -= bytes;
    if (bytes > 0) taken$.next(bytes);
    if (ended && onTheWay === 0) taken$.complete();
  };
  return {
    given,
    closeNotify: false,
    most: () => most,
    give(bytes: Bytes): void {
      given.push(...bytes);
      onTheWay += bytes.length;
      most = Math.max(most, onTheWay);
      const wait = delayed();
      if (wait !== undefined)
        at(wait, () => {
          take(bytes.length);
        });
    },
    end(): void {
      ended = true;
      at(0, () => {
        take(0);
      });
    },
    takeAll(): void {
      at(0, () => {
        take(onTheWay);
      });
    },
    giveUp(): void {
      at(0, () => (gone = true));
    },
  };
}
