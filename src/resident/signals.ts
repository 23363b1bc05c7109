import { fromEvent, map, merge, type Observable } from 'rxjs';

/** The signals that a resident server acts on. */
export type ServerSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGQUIT';

/** Those signals, as long as it is subscribed; never completes. */
export const serverSignal$: Observable<ServerSignal> = merge(
  ...(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const).map((signal) =>
    fromEvent(process, signal).pipe(map(() => signal)),
  ),
);
