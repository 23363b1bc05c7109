import { Socket } from 'node:net';
import { Death, systemReason } from '../messages.ts';
import type { MakePipe } from '../prog/pipe2.ts';
import { openPipes, type Pipes } from '../prog/plumbing.ts';
import type { ProgEvents } from '../prog/spawn.ts';
import type { RunningProg } from '../prog/start.ts';
import type { KeeperPort } from './port.ts';
import type { Reply } from './protocol.ts';
import { connectionVariables } from './variables.ts';

/** The conversation with the keeper about one prog. */
export interface Conversation {
  readonly port: KeeperPort;
  /** Nobody else's. */
  readonly id: string;
  readonly prog: string;
  readonly makePipe: MakePipe;
  readonly isHere: boolean;
  /** `heard` gets every reply with this id, and `undefined` when the keeper has gone. */
  readonly expect: (id: string, heard: (reply: Reply | undefined) => void) => void;
  /** Nothing more is expected for this id. */
  readonly forget: (id: string) => void;
}

/**
 * Has the keeper start prog. We make the pipes and hand over prog's ends, each by a message (see protocol.ts), so that ours can be used
 * at once: what is written before prog runs waits in the pipe.
 *
 * Nobody but prog may read its stdin, hence sockets that are neither read nor written. They put O_NONBLOCK on prog's ends, and libuv
 * takes it off again between fork and exec.
 */
export const startThrough = (
  { port, id, prog, makePipe, expect, forget, isHere }: Conversation,
  environment: Readonly<Record<string, string>>,
  { warn, ended }: ProgEvents,
): RunningProg => {
  const failed = (reason: string): void => {
    warn(new Death('system', { what: `run ${prog}`, reason }).message);
    ended({ code: 111 });
  };
  const pipes = isHere ? pipesOrReason(makePipe) : GONE;
  if (typeof pipes === 'string') {
    process.nextTick(failed, pipes);
    return { ends: undefined, signal: nothing, forget: nothing };
  }
  const [stdin, stdout] = pipes.progEnds.map((fd) => new Socket({ fd, readable: false, writable: true }));
  let state: 'starting' | 'forgotten' | 'running' | 'ended' = 'starting';
  expect(id, (reply) => {
    if (reply?.tell === 'warning') return warn(reply.message);
    stdin?.destroy();
    stdout?.destroy();
    if (reply?.tell === 'started' && state === 'starting') {
      state = 'running';
      return;
    }
    forget(id);
    if (state === 'forgotten') return;
    state = 'ended';
    if (reply?.tell === 'ended') ended(reply.status);
    else failed(GONE);
  });
  port.send({ id, ask: 'stdout' }, stdout);
  port.send({ id, ask: 'start', variables: connectionVariables(environment) }, stdin);
  port.send({ id, ask: 'handed' });
  return {
    ends: pipes.ours([undefined, undefined]),
    signal: (signal) => {
      if (state !== 'ended') port.send({ id, ask: 'signal', signal });
    },
    forget: () => {
      // Until it is started there are prog's ends to close.
      if (state === 'starting') state = 'forgotten';
      else forget(id);
    },
  };
};

const pipesOrReason = (makePipe: MakePipe): Pipes | string => {
  try {
    return openPipes(makePipe);
  } catch (error) {
    return systemReason(error);
  }
};

/** Why no prog can be started any more. */
export const GONE = 'the keeper has gone';

const nothing = (): void => undefined;
