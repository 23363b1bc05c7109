import type { Signal } from '../../../graph/vocabulary.ts';
import type { Reply, Request } from '../../keeper/protocol.ts';
import type { ServerOptions } from '../../options/server-options.ts';
import type { Admitted } from '../admission.ts';
import type { Keys } from '../tls.ts';

/**
 * What is said between the process that accepts connections and a worker that serves them: messages of child_process, `advanced`,
 * since options can be infinite and keys are bytes. Both are the same program and the same user, and believe each other.
 */
export type ToWorker =
  /** The first message. */
  | { readonly begin: Beginning }
  /** Comes with the connection. */
  | { readonly serve: Omit<Admitted, 'socket'> }
  | { readonly keys: Keys }
  /** For all connections, now. */
  | { readonly signal: Signal }
  | { readonly fromKeeper: Reply | 'gone' };

export type FromWorker =
  | 'ready'
  /** The signal has reached all connections, and whatever they asked of the keeper for it was said before. */
  | 'signalled'
  /** The connection of that number has arrived. */
  | { readonly taken: number }
  /** The connection of that number. */
  | { readonly over: number }
  /** May come with a descriptor. */
  | { readonly toKeeper: Request };

/** What a worker has to know. Its environment is that of progs, but for the variables of a connection. */
export interface Beginning {
  readonly options: ServerOptions;
  readonly prog: readonly [string, ...string[]];
  readonly keys: Keys;
  /** Progs are started by the keeper. */
  readonly throughKeeper: boolean;
  /** The names of those {@link Records} that are inherited. */
  readonly trace: string | undefined;
  readonly keyLog: string | undefined;
}
