// Writes the code cache of s6-tlsd beside it, for the node that runs this: see src/start/program.ts. What is in it is what one
// connection has run, so one is made, over 127.0.0.1. Without a cache s6-tlsd only starts later: a failure here fails nothing.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { compileProgram, runProgram } from '../src/start/program.ts';
import { converse, withIdentity } from './code-cache/converse.ts';

declare const __PROGRAM__: { readonly name: string; readonly hash: string };

const ARGV = ['-S', '-K', '60000', process.execPath, '-e', 'process.stdin.pipe(process.stdout)'];

/** The child: runs the program, which ends the process itself, and then writes down what V8 has compiled. */
function record(): void {
  const program = compileProgram(__dirname, __PROGRAM__);
  const { script, cachePath } = program;
  process.on('exit', (code) => {
    if (code !== 0) return;
    const unfinished = `${cachePath}.${process.pid}`;
    try {
      writeFileSync(unfinished, script.createCachedData());
      // Whoever starts at this moment sees the whole cache or none.
      renameSync(unfinished, cachePath);
    } catch (error) {
      rmSync(unfinished, { force: true });
      warn(error);
    }
  });
  process.argv.splice(2, 1);
  runProgram(program, require, module);
}

/** The parent. */
const make = (): Promise<unknown> =>
  withIdentity((identity) =>
    // Options of V8 in NODE_OPTIONS would make a cache that fits nobody else.
    converse([__filename, '--record', ...ARGV], { ...process.env, ...identity, NODE_OPTIONS: '' }),
  );

function warn(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`marble-tls: warning: s6-tlsd will start more slowly, without a code cache: ${reason}\n`);
}

if (process.argv[2] === '--record') record();
else make().catch(warn);
