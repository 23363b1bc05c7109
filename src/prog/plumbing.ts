import type { ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import { readSocket } from '../read-socket.ts';
import { widenPipe, type MakePipe, type Pipe2 } from './pipe2.ts';

/** Our ends: the one that writes into prog's stdin and the one that reads prog's stdout. */
export interface OurEnds {
  readonly stdin: Socket;
  readonly stdout: Socket;
}

/** prog's stdin and stdout before and while the process that gets them is spawned. */
export interface Plumbing {
  /** prog's ends, for `stdio` of spawn: stdin, stdout. */
  readonly progEnds: readonly [number | 'pipe', number | 'pipe'];
  /** Closes our copies of prog's ends. To be called once, right after spawn and whether it worked or not. */
  letGo(): void;
  /** Our ends as streams. `made` is what spawn made where it was told `pipe`. */
  ours(made: readonly [unknown, unknown]): OurEnds;
  /** Closes our ends when `ours` was never called. */
  giveUp(): void;
}

/** The same, and the ends are descriptors for sure. */
export interface Pipes extends Plumbing {
  readonly progEnds: readonly [stdin: number, stdout: number];
}

/** Two real pipes where pipe2(2) is at hand; otherwise, and when it fails, the unix sockets of Node, and `info` hears why. */
export const openPlumbing = (pipe2: Pipe2, info: (message: string) => void): Plumbing => {
  try {
    if ('makePipe' in pipe2) return openPipes(pipe2.makePipe);
    info(`prog gets unix sockets instead of pipes: ${pipe2.reason}`);
  } catch (error) {
    info(`prog gets unix sockets instead of pipes: ${(error as Error).message}`);
  }
  return {
    progEnds: ['pipe', 'pipe'],
    letGo: nothing,
    giveUp: nothing,
    ours: ([stdin, stdout]) => quiet(stdin, stdout),
  };
};

/**
 * Takes the streams that spawn made away from the child.
 *
 * Node 20 destroys `child.stdin` and lets `child.stdio` flow when the child exits (`flushStdio` in
 * lib/internal/child_process.js): what a grandchild could still read would be lost, and so would the demand.
 */
export const detachStreams = (child: ChildProcess): void => {
  Object.assign(child, { stdin: null, stdio: null });
};

/** Two real pipes; throws when the kernel refuses. */
export const openPipes = (makePipe: MakePipe): Pipes => {
  const [progStdin, ourStdin] = makePipe();
  try {
    const [ourStdout, progStdout] = makePipe();
    return {
      progEnds: [progStdin, progStdout],
      letGo: () => [progStdin, progStdout].forEach(closeEnd),
      giveUp: () => [ourStdin, ourStdout].forEach(closeEnd),
      ours() {
        const stdin = new Socket({ fd: ourStdin, readable: false, writable: true });
        // Once more was written than is kept here without a word: 16 KiB.
        stdin.once('drain', () => widen(stdin, ourStdin));
        const stdout = readSocket({ fd: ourStdout, readable: true, writable: false }, 'kept', {
          atLeast: DEFAULT_SIZE,
          call: () => widen(stdout, ourStdout),
        });
        return quiet(stdin, stdout);
      },
    };
  } catch (error) {
    [progStdin, ourStdin].forEach(closeEnd);
    throw error;
  }
};

/** Makes the pipe of one of our ends wide, as long as there are few of them. */
const widen = (end: Socket, fd: number): void => {
  if (end.destroyed || wide === MOST_WIDE) return;
  wide += 1;
  end.once('close', () => (wide -= 1));
  widenPipe(fd);
};

let wide = 0;

/** Pipes of this process: a quarter of what an ordinary user may have. */
const MOST_WIDE = 16;

/** Bytes that a pipe holds at first: a chunk of so many found it full. */
const DEFAULT_SIZE = 65_536;

const closeEnd = (fd: number): void => closeSync(fd);

/** An `error` that nobody listens to would kill us. Those who use the streams look at `close`, which always follows. */
const quiet = (stdin: unknown, stdout: unknown): OurEnds => {
  const ends = { stdin: stdin as Socket, stdout: stdout as Socket };
  ends.stdin.on('error', nothing);
  ends.stdout.on('error', nothing);
  return ends;
};

const nothing = (): void => undefined;
