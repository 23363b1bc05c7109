import type { ProgStatus, Signal } from '../../graph/vocabulary.ts';
import type { Credentials } from '../credentials/credentials.ts';
import { isRecord, isSignal } from '../prog/launcher-protocol.ts';
import { untrustedVariables, type ConnectionVariables } from './variables.ts';

/**
 * What is said between the engine, which has dropped its privileges and parses what the network sends, and the keeper, which has kept
 * them: the messages of child_process, in JSON, at most one descriptor with each.
 *
 * A prog is started by three messages in this order: `stdout` and `start`, each with prog's end of a pipe, then `handed`. Node sends a
 * descriptor only when the one before has arrived, and lets later messages wait for it. One for which the keeper has no room does not
 * arrive, nor does its message: `handed` is how the keeper gets to know. Whoever sends a descriptor keeps it open (`keepOpen`) and closes it
 * at the reply.
 *
 * Nothing here depends on who sends: a process between the two only has to make each `id` one of its own, and back.
 */
export type Request = { readonly id: string } & (
  | { readonly ask: 'stdout' }
  | { readonly ask: 'start'; readonly variables: ConnectionVariables }
  | { readonly ask: 'handed' }
  | { readonly ask: 'signal'; readonly signal: Signal }
  | { readonly ask: 'credentials' }
);

/** What the keeper says to the request, or of the prog, of that `id`. The engine believes it. */
export type Reply = { readonly id: string } &
  /** The keeper is done with prog's ends: nobody but prog has to have them any more. */
  (
    | { readonly tell: 'started' }
    | { readonly tell: 'ended'; readonly status: ProgStatus }
    | { readonly tell: 'warning'; readonly message: string }
    | Keys
  );

/**
 * The keeper's first message. Before it none with a descriptor may be sent: Node takes it, and reads from it, when nobody in the keeper
 * looks at messages yet.
 */
export const READY = 'ready';

/** What came of reading the key files: all of them, or a Death. */
export type Keys =
  | { readonly tell: 'credentials'; readonly credentials: Credentials }
  | { readonly tell: 'refused'; readonly message: string; readonly exitCode: number };

/** The request, or `undefined` for anything that is not exactly one. */
export const parseRequest = (message: unknown): Request | undefined => {
  if (!isRecord(message)) return undefined;
  const { id, ask, ...content } = message;
  if (typeof id !== 'string' || !ID.test(id)) return undefined;
  const [[name, value] = [], ...others] = Object.entries(content);
  if (others.length > 0) return undefined;
  switch (ask) {
    case 'stdout':
    case 'handed':
    case 'credentials':
      return name === undefined ? { id, ask } : undefined;
    case 'signal':
      return name === 'signal' && isSignal(value) ? { id, ask, signal: value } : undefined;
    case 'start': {
      const variables = name === 'variables' ? untrustedVariables(value) : undefined;
      return variables && { id, ask, variables };
    }
    default:
      return undefined;
  }
};

const ID = /^[0-9a-z.]{1,32}$/;
