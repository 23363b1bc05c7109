import type { Observable } from 'rxjs';
import type { Admitted } from './admission.ts';
import type { Keys } from './tls.ts';

/** Where admitted connections are served: in this process, or in others. */
export interface Site {
  /** Completes, or emits and completes, when the connection is over. */
  serve(admitted: Admitted): Observable<unknown>;
  /** From now on connections begin with these keys. Throws a Death when they cannot be used, and then nothing has changed. */
  useKeys(keys: Keys): void;
  /** Resolves when progs have been told of the signal that tells connections to end; bounded. */
  whenSignalled(): Promise<void>;
}
