// Writes the code cache of s6-tlsd beside it, for the node that runs this: see src/start/program.ts. What is in it is what one
// connection has run, so one is made, over 127.0.0.1. Without a cache s6-tlsd only starts later: a failure here fails nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { compileProgram, runProgram } from '../src/start/program.ts';
import { selfSigned } from './code-cache/certificate.ts';

declare const __PROGRAM__: { readonly name: string; readonly hash: string };

const ARGV = ['-S', '-K', '60000', process.execPath, '-e', 'process.stdin.pipe(process.stdout)'];
const MILLISECONDS = 20_000;

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

/** The parent: is super-server and peer of the child. */
async function converse(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'marble-tls-'));
  try {
    const { key, certificate } = selfSigned();
    const [KEYFILE, CERTFILE] = [join(folder, 'key'), join(folder, 'certificate')];
    writeFileSync(KEYFILE, key, { mode: 0o600 });
    writeFileSync(CERTFILE, certificate);
    const listener = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    const peer = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
    const [accepted] = (await once(listener, 'connection')) as [Socket];
    const child = spawn(process.execPath, [__filename, '--record', ...ARGV], {
      stdio: [accepted, accepted, 'inherit'],
      // Options of V8 in NODE_OPTIONS would make a cache that fits nobody else.
      env: { ...process.env, NODE_OPTIONS: '', KEYFILE, CERTFILE },
      timeout: MILLISECONDS,
    });
    const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
    accepted.destroy();
    listener.close();
    peer.on('error', () => undefined); // What became of the connection, the child's exit tells.
    peer.write('hello\n');
    peer.once('data', () => peer.end());
    const [code, signal] = await exited;
    peer.destroy();
    if (code !== 0) throw new Error(`the connection it is made from ended with ${signal ?? code}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function warn(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`marble-tls: warning: s6-tlsd will start more slowly, without a code cache: ${reason}\n`);
}

if (process.argv[2] === '--record') record();
else converse().catch(warn);
