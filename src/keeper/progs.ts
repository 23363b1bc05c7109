import type { ChildProcess } from 'node:child_process';
import type { Signal } from '../../graph/vocabulary.ts';
import { withVariables } from '../environment/prog.ts';
import { Death } from '../messages.ts';
import { spawnProg, type ProgImage } from '../prog/spawn.ts';
import type { Reply } from './protocol.ts';
import type { ReceivedPipe } from './received-pipe.ts';
import type { ConnectionVariables } from './variables.ts';

/** The keeper's progs, by the ids that the engine gave them. What makes no sense is `false`, and then the pipe is still open. */
export interface Progs {
  /** Keeps prog's end of the pipe that will be its stdout. */
  output(id: string, stdout: ReceivedPipe): boolean;
  /** Starts prog, if its stdout came through, and closes our copies of its ends. */
  start(id: string, stdin: ReceivedPipe, variables: ConnectionVariables): boolean;
  /** All that `start` needs has been sent: if it did not come through, prog has ended with 111. */
  handed(id: string): void;
  /** Does nothing when it has ended: its pid may belong to somebody else. */
  signal(id: string, signal: Signal): void;
}

/** Progs that all run the same, with the variables of their connection besides `image.environment`. */
export const progsOf = (image: ProgImage, say: (reply: Reply) => void): Progs => {
  const outputs = new Map<string, ReceivedPipe>();
  const running = new Map<string, ChildProcess | undefined>();
  const unconfirmed = new Set<string>();

  const closeOutput = (id: string): void => {
    outputs.get(id)?.close();
    outputs.delete(id);
  };

  return {
    output: (id, stdout) => {
      if (outputs.has(id) || running.has(id)) return false;
      outputs.set(id, stdout);
      return true;
    },
    start: (id, stdin, variables) => {
      if (running.has(id)) return false;
      const stdout = outputs.get(id);
      if (stdout !== undefined) {
        unconfirmed.add(id);
        const environment = withVariables(image.environment, variables);
        const child = spawnProg({ ...image, environment }, [stdin.fd, stdout.fd], {
          warn: (message) => say({ id, tell: 'warning', message }),
          ended: (status) => {
            running.delete(id);
            say({ id, tell: 'ended', status });
          },
        });
        running.set(id, child);
      }
      stdin.close(); // Or prog would never see EOF, and the engine never EPIPE.
      closeOutput(id);
      say({ id, tell: 'started' });
      return true;
    },
    handed: (id) => {
      if (unconfirmed.delete(id)) return;
      closeOutput(id);
      const [prog = ''] = image.argv;
      const { message, exitCode } = new Death('system', { what: `run ${prog}`, reason: NO_ROOM });
      say({ id, tell: 'warning', message });
      say({ id, tell: 'ended', status: { code: exitCode } });
    },
    signal: (id, signal) => void running.get(id)?.kill(signal),
  };
};

/** EMFILE at recvmsg(2), of which Node tells nothing but that the descriptor is missing. */
const NO_ROOM = 'its pipes did not reach the keeper, which has no room for them (too many open files)';
