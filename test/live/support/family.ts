import { readdirSync, readFileSync } from 'node:fs';
import { commandLine, field } from './tlsd.ts';

// Who is whose child, as proc(5) has it.

/** The pids of the children of a process; none when it is gone. */
export const childrenOf = (pid: number): number[] => {
  try {
    // Each thread has its own.
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) => childrenOfThread(pid, thread));
  } catch {
    return []; // It is gone.
  }
};

const childrenOfThread = (pid: number, thread: string): number[] => {
  try {
    const list = readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1');
    return list.trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return []; // The thread has gone: its children are another's now.
  }
};

/** The helper processes of a server; they give themselves a title once they run. */
export const keepersOf = (pid: number): number[] => running(pid, /^s6-tlsserver: keeper|\/keeper\.cjs/);
export const workersOf = (pid: number): number[] => running(pid, /^s6-tlsserver: worker|\/worker\.cjs/);

/** Whether a process still is one: not gone, and no zombie. */
export const isAlive = (pid: number): boolean => !['', 'Z'].includes(field(pid, 'State').slice(0, 1));

const running = (pid: number, title: RegExp): number[] =>
  childrenOf(pid).filter((child) => title.test(commandLine(child)));
