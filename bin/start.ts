import { compileProgram } from '../src/start/program.ts';

// What dist/s6-tlsd.cjs is. The program itself is bin/s6-tlsd.ts: this only brings it to life sooner.
declare const __PROGRAM__: { readonly name: string; readonly hash: string };
const { script, path } = compileProgram(__dirname, __PROGRAM__);
type Wrapped = (require: NodeJS.Require, module: NodeJS.Module, exports: unknown, file: string, folder: string) => void;
(script.runInThisContext() as Wrapped)(require, module, module.exports, path, __dirname);
