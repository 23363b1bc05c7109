import { Buffer } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { here } from './here.ts';

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
    return { reason: error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error) };
  }
};

type NativeFunction = (fds: Int32Array, flags: number) => number;

interface Koffi {
  load(path: null): { func(prototype: string): NativeFunction };
}

const callPipe2 = (pipe2: NativeFunction): readonly [number, number] => {
  const fds = new Int32Array(2);
  if (pipe2(fds, O_CLOEXEC) !== 0) throw new Error('pipe2(2) failed');
  const [readingEnd = -1, writingEnd = -1] = fds;
  return [readingEnd, writingEnd];
};

/**
 * `require('koffi')` takes 10 ms, most of it to find out which of its binaries fits; asking for that one takes 1 to 2 ms, and this
 * program starts once per connection. The binary is a dependency of koffi, not ours: npm puts it next to koffi, where we see it
 * too; others hide it behind koffi, and finding koffi first costs 3 ms more. When neither leads anywhere, because koffi is laid
 * out in another way than its version 3, we take the long road.
 */
const loadKoffi = (): Koffi => {
  const ours = createRequire(here());
  const { platform, arch } = process;
  const binary = `@koromix/koffi-${platform}-${arch}/${isMusl() ? 'musl' : platform}_${arch}/koffi.node`;
  const roads = [
    () => ours(binary) as Koffi,
    () => createRequire(ours.resolve('koffi'))(binary) as Koffi,
    () => ours('koffi') as Koffi,
  ];
  return firstThatWorks(roads);
};

/** The error, if all fail, is that of the last. */
const firstThatWorks = <T>([attempt, ...others]: readonly (() => T)[]): T => {
  if (attempt === undefined) throw new Error('nothing to try');
  if (others.length === 0) return attempt();
  try {
    return attempt();
  } catch {
    return firstThatWorks(others); // Whatever the reason was, the next road either works or gives a better one.
  }
};

/** Whether node itself was linked against musl: its ELF interpreter is named in the first page of the file. */
const isMusl = (): boolean => {
  const firstPage = Buffer.alloc(4096);
  const fd = openSync(process.execPath, 'r');
  try {
    readSync(fd, firstPage, 0, firstPage.length, 0);
  } finally {
    closeSync(fd);
  }
  return firstPage.includes('/ld-musl-');
};

/** fcntl.h of Linux, the same on every architecture that Node runs on. Node's own constants lack it. */
const O_CLOEXEC = 0o2000000;
