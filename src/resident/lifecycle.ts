import { delay, filter, merge, share, skip, take, type Observable, type SchedulerLike } from 'rxjs';
import { remember } from '../../graph/operators/remember.ts';
import type { ServerSignal } from './signals.ts';

/** What a resident server is told by signals. */
export interface Lifecycle {
  /** Read the keys again. */
  readonly reload$: Observable<unknown>;
  /** Accept no more; remembered. */
  readonly stop$: Observable<unknown>;
  /** Whatever still goes on is to end, as s6-tlsd ends at a signal; remembered. */
  readonly end$: Observable<unknown>;
  /** Exit, whatever still goes on; remembered. */
  readonly quit$: Observable<unknown>;
}

/**
 * From signals to what they mean:
 *
 *     signals   -H---t--------------t      H SIGHUP, t SIGTERM or SIGINT, q SIGQUIT
 *     reload    -H--------------------
 *     stop      -----T
 *     end       -----------T               after the time that connections have to finish
 *     quit      --------------------T      a second t, or q
 *
 * @param finish milliseconds that connections have to finish once there are no more to come.
 * @param scheduler the clock.
 */
export function lifecycleOf(
  signal$: Observable<ServerSignal>,
  { finish, scheduler }: { readonly finish: number; readonly scheduler: SchedulerLike },
): Lifecycle {
  const live$ = signal$.pipe(share());
  const terminate$ = live$.pipe(filter((signal) => signal === 'SIGTERM' || signal === 'SIGINT'));
  const stop$ = terminate$.pipe(take(1), remember());
  const quit$ = merge(live$.pipe(filter((signal) => signal === 'SIGQUIT')), terminate$.pipe(skip(1))).pipe(
    take(1),
    remember(),
  );
  return {
    reload$: live$.pipe(filter((signal) => signal === 'SIGHUP')),
    stop$,
    end$: merge(stop$.pipe(delay(finish, scheduler)), quit$).pipe(take(1), remember()),
    quit$,
  };
}
