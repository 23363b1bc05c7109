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

/** fcntl.h of Linux, the same on every architecture that Node runs on. Node's own constants lack it. */
const O_CLOEXEC = 0o2000000;
