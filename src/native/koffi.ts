import { Buffer } from 'node:buffer';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { here } from '../prog/here.ts';

/** A function of C, by its prototype; whoever asked for it knows the types. */
export type NativeFunction = (...parameters: readonly unknown[]) => unknown;

/** The same from a program or library: it can also be called in another thread; the last parameter is called with what came of it. */
export interface LibraryFunction extends NativeFunction {
  async(...parametersAndThen: readonly [...unknown[], (error: unknown, result: unknown) => void]): void;
}

/** What we use of koffi 3. Pointers are BigInts. */
export interface Koffi {
  /** The symbols of the running program itself. Its `func` throws when there is no such symbol. */
  load(path: null): { func(prototype: string): LibraryFunction };
  proto(result: string, parameters: readonly string[]): object;
  pointer(type: object): object;
  /** Keeps `callback` alive until it is unregistered. There are 8192 places. */
  register(callback: NativeFunction, type: object): unknown;
}

/**
 * Loads koffi, an optional dependency; throws when it is not there.
 *
 * `require('koffi')` takes 10 ms, most of it to find out which of its binaries fits; asking for that one takes 1 to 2 ms, and this
 * program starts once per connection. The binary is a dependency of koffi, not ours: npm puts it next to koffi, where we see it
 * too; others hide it behind koffi, and finding koffi first costs 3 ms more. When neither leads anywhere, because koffi is laid
 * out in another way than its version 3, we take the long road.
 */
export const loadKoffi = (): Koffi => {
  // In the bundle there is one already, and node:module takes half a millisecond.
  const ours = typeof require === 'function' ? require : createRequire(here());
  const { platform, arch } = process;
  const binary = `@koromix/koffi-${platform}-${arch}/${isMusl() ? 'musl' : platform}_${arch}/koffi.node`;
  const roads = [
    () => ours(binary) as Koffi,
    () => createRequire(ours.resolve('koffi'))(binary) as Koffi,
    () => ours('koffi') as Koffi,
  ];
  return firstThatWorks(roads);
};

/** Why something native is not to be had, for people: the first line of what was thrown. */
export const nativeReason = (error: unknown): string =>
  error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);

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

/**
 * Whether node itself was linked against musl: its ELF interpreter, /lib/ld-musl-x86_64.so.1 or the like, is named in the first page
 * of the file. That need not be read where there is no such interpreter.
 */
const isMusl = (): boolean => {
  const machine = MACHINES[process.arch];
  if (machine !== undefined && !existsSync(`/lib/ld-musl-${machine}.so.1`)) return false;
  const firstPage = Buffer.alloc(4096);
  const fd = openSync(process.execPath, 'r');
  try {
    readSync(fd, firstPage, 0, firstPage.length, 0);
  } finally {
    closeSync(fd);
  }
  return firstPage.includes('/ld-musl-');
};

const MACHINES: Readonly<Partial<Record<NodeJS.Architecture, string>>> = { x64: 'x86_64', arm64: 'aarch64' };
