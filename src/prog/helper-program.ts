import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { dirname, extname, join } from 'node:path';
import { Death, systemReason } from '../messages.ts';
import { here } from './here.ts';

/** A program of ours that only we start: next to the bundle, or in bin/ of the sources. */
export const helperProgram = (name: 'keeper' | 'launcher' | 'worker'): string => {
  const file = here();
  return join(dirname(file), extname(file) === '.ts' ? `../../bin/${name}.ts` : `${name}.cjs`);
};

/** What node needs to run it: a source file the loader that we run under. A bundle must not get our own options: one may name a snapshot. */
export const nodeOptionsFor = (program: string): readonly string[] =>
  extname(program) === '.ts' ? process.execArgv : [];

/**
 * Starts a helper process.
 *
 * @param name of what it is, for messages.
 * @throws Death 111 when no process can be made.
 */
export const spawnHelper = (name: string, args: readonly string[], options: SpawnOptions): ChildProcess => {
  let child: ChildProcess;
  try {
    child = spawn(process.execPath, args, options);
  } catch (error) {
    throw notStarted(name, systemReason(error));
  }
  child.on('error', nothing); // Says in the next tick what the missing pid says now; later, that a message could not be sent.
  if (child.pid === undefined) throw notStarted(name, 'no process could be made');
  return child;
};

const notStarted = (name: string, reason: string): Death => new Death('system', { what: `start ${name}`, reason });

const nothing = (): void => undefined;
