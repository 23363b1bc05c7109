import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { descriptorOf } from '../native/descriptor-of.ts';

/** Why a connection that was just accepted must be closed at once; `undefined` when there is room for it. */
export type NoRoomFor = (socket: Socket) => string | undefined;

/**
 * Keeps some descriptors free.
 *
 * The kernel gives the lowest number that is free, so that the number of the newest descriptor tells how many are in use. A prog needs
 * four for its pipes and two more while it is started. Without a reserve they would be missing just then; and at EMFILE libuv accepts
 * and closes whatever waits, of which nobody hears (`uv__emfile_trick`).
 *
 * The limit is the soft RLIMIT_NOFILE, which node raises to the hard one when it starts, at the moment of the call.
 */
export const keepReserve = (): NoRoomFor => {
  const limit = descriptorLimit();
  return (socket) => {
    const fd = descriptorOf(socket);
    if (fd === undefined || fd < limit - RESERVE) return undefined;
    return `unable to serve a connection: descriptor ${fd} is within ${RESERVE} of the limit, ${limit} (ulimit -n)`;
  };
};

const descriptorLimit = (): number => {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1];
    return soft === undefined ? Infinity : Number(soft);
  } catch {
    return Infinity; // No /proc: then descriptors run out without a word.
  }
};

const RESERVE = 16;
