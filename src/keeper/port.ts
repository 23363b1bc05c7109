import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { READY, type Reply, type Request } from './protocol.ts';

/** The way to the keeper: its own channel, or that of a process which passes on what we say. Messages keep their order. */
export interface KeeperPort {
  /** The sender closes `descriptor`, at the reply. What cannot be sent is dropped; then `gone` is told, or was. */
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
      // Node would close the descriptor itself, at its own acknowledgement, but not when that does not come; and it sends one for which
      // there was no room four times, and then writes to our stderr.
      const send = (): void => void child.send(request, descriptor, { keepOpen: true }, nothing);
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
      // Node 20 to 24 tells of no `disconnect` while it waits for a descriptor to arrive.
      let heardOfIt = false;
      const once = (): void => {
        if (!heardOfIt) gone();
        heardOfIt = true;
      };
      child.once('disconnect', once).once('exit', once);
    },
    hold: (alive) => {
      for (const handle of [child, child.channel]) {
        if (alive) handle?.ref();
        else handle?.unref();
      }
    },
    close: () => {
      if (child.connected) child.disconnect();
    },
  };
};

const nothing = (): void => undefined;
