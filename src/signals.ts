import { fromEvent, map, merge } from 'rxjs';
import type { Observable } from 'rxjs';
import type { Signal } from '../graph/vocabulary.ts';

/**
 * Signals as they come. While subscribed they do not do what they do by default; afterwards they do again.
 *
 * - **completes**, **errors** never.
 * - **unsubscribes** by giving the signals their default action back.
 *
 * Trap: Node gives every signal its default action when it starts (`ResetSignalHandlers` in src/node.cc, measured on 20.20), so
 * that a SIGHUP ignored by nohup(1) is no longer ignored, and nothing tells us that it was.
 */
export function signals<Name extends NodeJS.Signals>(...names: readonly Name[]): Observable<Name> {
  return merge(...names.map((signal) => fromEvent(process, signal).pipe(map(() => signal))));
}

/** Those that ask s6-tlsd to stop. */
export const signal$: Observable<Signal> = signals('SIGTERM', 'SIGINT', 'SIGHUP');
