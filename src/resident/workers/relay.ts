import type { Socket } from 'node:net';
import type { KeeperPort } from '../../keeper/port.ts';
import type { Reply, Request } from '../../keeper/protocol.ts';
import { handleOf } from '../../native/handle.ts';

/** Passes on what a worker asks of the keeper; see `protocol.ts` for who closes what when. */
export const relay = (keeper: KeeperPort, toWorker: (told: Reply | 'gone') => void): Relay => {
  const onTheWay = new Map<string, Socket[]>();
  const close = (id: string): void => {
    for (const descriptor of onTheWay.get(id) ?? []) descriptor.destroy();
    onTheWay.delete(id);
  };
  keeper.listen({
    reply: (reply) => {
      if (reply.tell !== 'warning') close(reply.id);
      toWorker(reply);
    },
    gone: () => {
      for (const id of [...onTheWay.keys()]) close(id);
      toWorker('gone');
    },
  });
  return {
    ask(request, descriptor) {
      if (descriptor !== undefined) {
        // Node has made a Socket of it, which begins to read in the next turn; but that is for prog.
        handleOf(descriptor)?.readStop();
        onTheWay.set(request.id, [...(onTheWay.get(request.id) ?? []), descriptor]);
      }
      keeper.send(request, descriptor);
    },
    workerGone() {
      for (const id of onTheWay.keys()) keeper.send({ id, ask: 'handed' });
    },
  };
};

export interface Relay {
  /** `descriptor` came with the request. */
  ask(request: Request, descriptor: Socket | undefined): void;
  /** What it has begun to ask for is complete, for better or worse: the keeper answers, and then the descriptors are closed. */
  workerGone(): void;
}
