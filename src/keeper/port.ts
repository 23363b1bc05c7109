import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { READY, type Reply, type Request } from './protocol.ts';

/** The way to the keeper: its own channel, or that of a process which passes on what we say. Messages keep their order. */
export interface KeeperPort {
  /** `descriptor` is the keeper's from then on. What cannot be sent is dropped; then `gone` is, or was, told. */
  send(request: Request, descriptor?: Socket): void;
  /** To be called once. `gone` comes once, and last. */
  listen(heard: { readonly reply: (reply: Reply) => void; readonly gone: () => void }): void;
  /** Whether it keeps this process alive. */
  hold(alive: boolean): void;
  close(): void;
}

/** The channel of a keeper that is our child. What is sent before it listens waits here. */
export const portOf = (child: ChildProcess): KeeperPort => {
  let early: (() => void)[] | undefined = [];
  return {
    send: (request, descriptor) => {
      const send = (): void => void child.send(request, descriptor, undefined, nothing);
      if (early === undefined) send();
      else early.push(send);
    },
    listen: ({ reply, gone }) => {
      child.on('message', (message) => {
        if (message !== READY) return reply(message as Reply);
        const waiting = early ?? [];
        early = undefined;
        for (const send of waiting) send();
      });
      child.once('disconnect', gone);
    },
    hold: (alive) => (alive ? child.channel?.ref() : child.channel?.unref()),
    close: () => {
      if (child.connected) child.disconnect();
    },
  };
};

const nothing = (): void => undefined;
