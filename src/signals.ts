import { fromEvent, map, merge } from 'rxjs';
import type { Observable } from 'rxjs';
import type { Signal } from '../graph/vocabulary.ts';

/**
 * The signals that ask us to stop. While subscribed they do not kill us; afterwards they do again.
 *
 * - **completes**, **errors** never.
 * - **unsubscribes** by giving the signals their default action back.
 *
 * Trap: Node gives every signal its default action when it starts (`ResetSignalHandlers` in src/node.cc, measured on 20.20), so
 * that a SIGHUP ignored by nohup(1) is no longer ignored, and nothing tells us that it was.
 */
export const signal$: Observable<Signal> = merge(
  ...(['SIGTERM', 'SIGINT', 'SIGHUP'] as const).map((signal) => fromEvent(process, signal).pipe(map(() => signal))),
);
