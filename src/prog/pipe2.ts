import { loadKoffi, nativeReason, type NativeFunction } from '../native/koffi.ts';

/** Makes a pipe: its reading end and its writing end, both close-on-exec and blocking. Throws when the kernel refuses. */
export type MakePipe = () => readonly [readingEnd: number, writingEnd: number];

/** pipe2(2), or the reason why this machine does not offer it to us. */
export type Pipe2 = { readonly makePipe: MakePipe } | { readonly reason: string };

/**
 * Finds pipe2(2) through koffi, an optional dependency.
 *
 * Node has no pipe(2): its child processes get unix sockets instead, and a prog that opens /dev/stdin or /dev/stdout
 * anew fails with ENXIO on those. FIFOs are no cure: reopening one whose writer has gone blocks for ever.
 */
export const loadPipe2 = (): Pipe2 => {
  if (process.platform !== 'linux') return { reason: `no pipe2(2) on ${process.platform}` };
  try {
    const pipe2 = loadKoffi().load(null).func('int pipe2(int *, int)');
    return { makePipe: () => callPipe2(pipe2) };
  } catch (error) {
    return { reason: nativeReason(error) };
  }
};

const callPipe2 = (pipe2: NativeFunction): readonly [number, number] => {
  const fds = new Int32Array(2);
  if (pipe2(fds, O_CLOEXEC) !== 0) throw new Error('pipe2(2) failed');
  const [readingEnd = -1, writingEnd = -1] = fds;
  return [readingEnd, writingEnd];
};

/**
 * Lets a pipe hold a mebibyte, so that prog and we need not take turns every 64 KiB. For those that carry much: what all pipes of a user may
 * hold together is 64 MiB (pipe(7), pipe-user-pages-soft), and beyond that every new one of that user, in whatever program, holds 8 KiB.
 * Where it is refused, or cannot be had, the pipe stays as it is.
 */
export const widenPipe = (fd: number): void => {
  try {
    fcntl ??= loadKoffi().load(null).func('int fcntl(int, int, ...)');
    fcntl(fd, F_SETPIPE_SZ, 'int', PIPE_SIZE);
  } catch {
    // No koffi: the same work, more slowly.
  }
};

let fcntl: NativeFunction | undefined;

/** Bytes: pipe-max-size, where nobody has changed it. */
const PIPE_SIZE = 1_048_576;
const F_SETPIPE_SZ = 1031;

/** fcntl.h of Linux, the same on every architecture that Node runs on. Node's own constants lack it. */
const O_CLOEXEC = 0o2000000;
