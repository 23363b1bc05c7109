import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { selfSigned } from './certificate.ts';

/** Where a throw-away key and certificate are, as `s6-tlsd` finds them. */
export interface Identity {
  readonly KEYFILE: string;
  readonly CERTFILE: string;
}

/** Does something in a temporary folder with an {@link Identity} in it; afterwards both are gone. */
export async function withIdentity<Result>(
  work: (identity: Identity, folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'marble-tls-'));
  try {
    const { key, certificate } = selfSigned();
    const identity = { KEYFILE: join(folder, 'key'), CERTFILE: join(folder, 'certificate') };
    writeFileSync(identity.KEYFILE, key, { mode: 0o600 });
    writeFileSync(identity.CERTFILE, certificate);
    return await work(identity, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Is super-server and peer of one connection to a program that sends back what it gets: a line there and back over 127.0.0.1, and the end.
 *
 * @param args of node.
 * @returns when the program was started, in milliseconds of the epoch.
 * @throws when it ends with anything but 0, or not within 20 s.
 */
export async function converse(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const listener = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const peer = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  const [accepted] = (await once(listener, 'connection')) as [Socket];
  const started = performance.timeOrigin + performance.now();
  const child = spawn(process.execPath, args, { stdio: [accepted, accepted, 'inherit'], env, timeout: MILLISECONDS });
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  accepted.destroy();
  listener.close();
  peer.on('error', () => undefined); // What became of the connection, the child's exit tells.
  peer.write('hello\n');
  peer.once('data', () => peer.end());
  const [code, signal] = await exited;
  peer.destroy();
  if (code !== 0) throw new Error(`the connection it is made from ended with ${signal ?? code}`);
  return started;
}

const MILLISECONDS = 20_000;
