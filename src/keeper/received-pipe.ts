import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import { handleOf } from '../native/handle.ts';

/** One end of a pipe that came with a message. */
export interface ReceivedPipe {
  readonly fd: number;
  readonly close: () => void;
}

/**
 * The end of a pipe that came with a message of child_process; `not a pipe` for anything else that can come, which is left as it is:
 * who is sent that has nothing more to hear.
 *
 * To be called in the very turn of the event loop in which the message arrived: Node makes a Socket of the descriptor and has it read,
 * which would take away what prog is to get.
 */
export const receivedPipe = (handle: object): ReceivedPipe | 'not a pipe' => {
  if (!(handle instanceof Socket)) return 'not a pipe';
  const raw = handleOf(handle);
  raw?.readStop();
  if (raw === undefined || !fstatSync(raw.fd).isFIFO()) return 'not a pipe';
  return { fd: raw.fd, close: () => handle.destroy() };
};
