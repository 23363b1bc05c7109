import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** The bundled program, compiled: a function that takes what every CommonJS module is given. */
export interface Program {
  readonly script: Script;
  readonly path: string;
  /** The file in which the very node that runs this keeps, or would keep, the program's code cache. */
  readonly cachePath: string;
}

/**
 * Compiles the program that the build has put into `directory`, from its code cache if there is one that fits.
 *
 * Parsing and compiling the program takes Node 10 ms, and this one is started once per connection. V8 can
 * write down what it has compiled (`vm.Script.createCachedData`), and refuses, without a word, what another version of it or one
 * with other flags has written; then it compiles. It does not look at more than the length of the source, nor at how node was
 * built: so the name of the cache tells both.
 *
 * @throws when the program itself cannot be read.
 */
export const compileProgram = (directory: string, { name, hash }: { name: string; hash: string }): Program => {
  const path = join(directory, `${name}.program.cjs`);
  const cachePath = join(directory, `${name}-${hash}-${thisNode()}.cache`);
  const source = readFileSync(path, 'utf8');
  return { script: new Script(source, { filename: path, cachedData: readIfThere(cachePath) }), path, cachePath };
};

/** Runs the program as if it were the CommonJS module whose `require` and `module` these are. */
export const runProgram = ({ script, path }: Program, require: NodeJS.Require, module: NodeJS.Module): void =>
  (script.runInThisContext() as Wrapped)(require, module, module.exports, path, dirname(path));

type Wrapped = (require: NodeJS.Require, module: NodeJS.Module, exports: unknown, file: string, folder: string) => void;

/** Two binaries of one version may differ in how V8 lays out its objects. */
const thisNode = (): string => {
  const { version, arch, execPath } = process;
  const { size, mtimeMs } = statSync(execPath);
  return [version, arch, size.toString(36), Math.floor(mtimeMs).toString(36)].join('-');
};

const readIfThere = (path: string): Buffer | undefined => {
  try {
    return readFileSync(path);
  } catch {
    return undefined; // An install without scripts, by another user, or for another node: compiling takes longer, that is all.
  }
};
