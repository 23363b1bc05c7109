import { compileProgram, runProgram } from '../src/start/program.ts';

// What dist/s6-tlsd.cjs is. The program itself is bin/s6-tlsd.ts: this only brings it to life sooner.
declare const __PROGRAM__: { readonly name: string; readonly hash: string };
runProgram(compileProgram(__dirname, __PROGRAM__), require, module);
