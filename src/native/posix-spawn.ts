import { Buffer } from 'node:buffer';
import { loadKoffi, type Koffi, type LibraryFunction } from './koffi.ts';

/** How a process has ended: wait(2). */
export type WaitStatus = { readonly code: number } | { readonly signal: number };

export interface Image {
  readonly file: string;
  readonly argv: readonly string[];
  /** `NAME=value`. */
  readonly environment: readonly string[];
  readonly ends: readonly [stdin: number, stdout: number];
}

export interface PosixSpawn {
  /**
   * Runs a file with `stdin`, `stdout` and our stderr, every signal at its default action and none blocked. `done` is told the pid; or,
   * below 0, the errno of what failed, exec included.
   *
   * @param where `here`: `done` is called before this returns. `thread`: later, and meanwhile the event loop goes on; `stdin` and `stdout`
   * must stay open until then.
   */
  spawn(image: Image, where: 'here' | 'thread', done: (pid: number) => void): void;
  /** A child that has ended and was not waited for, which may be anybody's in this process; 0 when there is none. */
  ended(): number;
  /** Takes note of how a child of ours has ended, and lets its pid go; `undefined` while it runs. */
  wait(pid: number): WaitStatus | undefined;
}

/**
 * Finds posix_spawn(3) through koffi, an optional dependency; throws when it is not there.
 *
 * Node starts processes by fork(2), which copies the page tables of this one: 3 ms when it has 100 MiB, measured, and the event loop
 * stands still (https://github.com/nodejs/node/issues/14917). posix_spawn shares the memory until exec instead: 0.1 ms.
 */
export const loadPosixSpawn = (): PosixSpawn => {
  const { platform, arch } = process;
  if (platform !== 'linux' || !ARCHITECTURES.includes(arch)) throw new Error(`not tried on ${platform} ${arch}`);
  const c = functionsOf(loadKoffi());
  const attributes = attributesOf(c);
  // Node has made it close-on-exec, as all that it inherits; an older glibc (before 2.29) does not undo that for a dup2 onto itself.
  c.fcntl(2, F_SETFD, 'int', 0);
  return {
    spawn({ file, argv, environment, ends: [stdin, stdout] }, where, done) {
      const actions = Buffer.alloc(ROOM);
      c.actionsInit(actions);
      c.addDup2(actions, stdin, 0);
      c.addDup2(actions, stdout, 1);
      const pid = new Int32Array(1);
      const came = (error: unknown): void => {
        c.actionsDestroy(actions);
        done(error === 0 ? (pid[0] ?? 0) : -Number(error));
      };
      const parameters = [pid, file, actions, attributes, [...argv, null], [...environment, null]];
      if (where === 'here') came(c.spawn(...parameters));
      else c.spawn.async(...parameters, (_: unknown, error: unknown) => came(error));
    },
    ended() {
      const information = new Int32Array(SIGINFO / 4);
      // Without WNOWAIT it would be lost for those who wait for it, Node's own children included.
      c.waitid(P_ALL, 0, information, WEXITED | WNOHANG | WNOWAIT);
      return information[SI_PID / 4] ?? 0;
    },
    wait(pid) {
      const status = new Int32Array(1);
      if (Number(c.waitpid(pid, status, WNOHANG)) !== pid) return undefined;
      const [value = 0] = status;
      const signal = value & 0x7f;
      return signal === 0 ? { code: (value >> 8) & 0xff } : { signal };
    },
  };
};

type Functions = ReturnType<typeof functionsOf>;

const functionsOf = (koffi: Koffi) => {
  const program = koffi.load(null);
  const find = (prototype: string): LibraryFunction => program.func(prototype);
  return {
    spawn: find('int posix_spawn(int *, const char *, void *, void *, const char **, const char **)'),
    actionsInit: find('int posix_spawn_file_actions_init(void *)'),
    actionsDestroy: find('int posix_spawn_file_actions_destroy(void *)'),
    addDup2: find('int posix_spawn_file_actions_adddup2(void *, int, int)'),
    attributesInit: find('int posix_spawnattr_init(void *)'),
    setFlags: find('int posix_spawnattr_setflags(void *, short)'),
    setDefaults: find('int posix_spawnattr_setsigdefault(void *, void *)'),
    setMask: find('int posix_spawnattr_setsigmask(void *, void *)'),
    waitid: find('int waitid(int, uint32_t, void *, int)'),
    waitpid: find('int waitpid(int, void *, int)'),
    fcntl: find('int fcntl(int, int, ...)'),
  };
};

const attributesOf = (c: Functions): Buffer => {
  const attributes = Buffer.alloc(ROOM);
  c.attributesInit(attributes);
  // Not sigfillset(3): it leaves out two signals that glibc uses itself, and posix_spawn then has prog ignore them.
  c.setDefaults(attributes, Buffer.alloc(ROOM, 0xff));
  c.setMask(attributes, Buffer.alloc(ROOM));
  c.setFlags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  return attributes;
};

/** Where `siginfo_t` looks like that: 64 bits. */
const ARCHITECTURES: readonly NodeJS.Architecture[] = ['x64', 'arm64'];

/** Bytes: more than any of `posix_spawnattr_t` (336 in glibc and musl), `posix_spawn_file_actions_t` (80) and `sigset_t` (128) has. */
const ROOM = 1024;

/** spawn.h, sys/wait.h, fcntl.h of Linux: the same in glibc and musl. */
const POSIX_SPAWN_SETSIGDEF = 0x04;
const POSIX_SPAWN_SETSIGMASK = 0x08;
const P_ALL = 0;
const WNOHANG = 1;
const WEXITED = 4;
const WNOWAIT = 0x0100_0000;
const F_SETFD = 2;

/** Bytes: `siginfo_t`, and where `si_pid` is in it on 64 bits. */
const SIGINFO = 128;
const SI_PID = 16;
