import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Peer } from '../../test/live/support/peer.ts';
import type { Scene } from './scenes.ts';

/**
 * Plays one scene: a loopback listener that starts the command for the one connection it accepts, as a super-server does,
 * and a TLS client that talks to it. Returns the exit status, or the signal that ended the command.
 */
export async function meet(
  scene: Pick<Scene, 'protocol' | 'act'>,
  {
    command,
    environment,
  }: { readonly command: readonly [string, ...string[]]; readonly environment: NodeJS.ProcessEnv },
): Promise<number | string> {
  const [ours, theirs] = await acceptedPair();
  const [file, ...argv] = command;
  const child = spawn(file, argv, { env: environment, stdio: [theirs, theirs, 'inherit'] });
  theirs.destroy(); // Our copy: the command's own descriptors stay open.
  const exited = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;

  const peer = new Peer({ input: ours, output: ours }, { protocol: scene.protocol });
  peer.startTls();
  try {
    // A command that does not come to a handshake has said why on fd 2.
    const secured = await Promise.race([peer.secured().then(() => true), exited.then(() => false)]);
    // Who waits for more to say, at a terminal, need not wait for ever.
    if (secured) await Promise.race([scene.act(peer), exited]);
    const [code, signal] = await exited;
    await peer.ended();
    return code ?? signal ?? 'unknown';
  } finally {
    peer.destroy();
    child.kill();
  }
}

/** A fresh connection on 127.0.0.1; nobody reads from the far end, so that the command finds all of it. */
async function acceptedPair(): Promise<readonly [near: Socket, far: Socket]> {
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const { port } = server.address() as AddressInfo;
  const near = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  const [[far]] = await Promise.all([accepted, once(near, 'connect')]);
  server.close();
  return [near, far];
}
