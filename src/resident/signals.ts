import type { Observable } from 'rxjs';
import { signals } from '../signals.ts';

/** The signals that a resident server acts on. */
export type ServerSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGQUIT';

export const serverSignal$: Observable<ServerSignal> = signals('SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT');
