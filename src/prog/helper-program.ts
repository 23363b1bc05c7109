import { dirname, extname, join } from 'node:path';
import { here } from './here.ts';

/** A program of ours that only we start: next to the bundle, or in bin/ of the sources. */
export const helperProgram = (name: 'keeper' | 'launcher' | 'worker'): string => {
  const file = here();
  return join(dirname(file), extname(file) === '.ts' ? `../../bin/${name}.ts` : `${name}.cjs`);
};

/** What node needs to run it: a source file the loader that we run under. A bundle must not get our own options: one may name a snapshot. */
export const nodeOptionsFor = (program: string): readonly string[] =>
  extname(program) === '.ts' ? process.execArgv : [];
