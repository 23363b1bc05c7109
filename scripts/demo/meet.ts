import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Peer } from '../../test/live/support/peer.ts';
import type { Scene } from './scenes.ts';

/** One thing that happened, and when: milliseconds on one clock, taken when we heard of it. */
export interface Heard {
  readonly at: number;
  /** A line of the program on fd 2, or what the peer saw. */
  readonly line: string;
}

/** All that a connection let us see. */
export interface Meeting {
  readonly heard: readonly Heard[];
  readonly exitStatus: number | string;
}

/**
 * Plays one scene: a loopback listener that starts the program for the one connection it accepts, as a super-server does,
 * and a TLS client that talks to it.
 */
export async function meet(scene: Scene, program: string, environment: NodeJS.ProcessEnv): Promise<Meeting> {
  const heard: Heard[] = [];
  const hear = (line: string): void => void heard.push({ at: performance.now(), line });

  const [ours, theirs] = await acceptedPair();
  const child = spawn(program, ['-v3', ...scene.options, ...scene.prog], {
    env: environment,
    stdio: [theirs, theirs, 'pipe'],
  });
  theirs.destroy(); // Our copy: the program's own descriptors stay open.
  let partial = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const lines = (partial + text).split('\n');
    partial = lines.pop() ?? '';
    lines.forEach(hear);
  });
  const exited = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;

  const peer = new Peer({ input: ours, output: ours }, { protocol: scene.protocol });
  peer.startTls();
  // The program told of it before it happened: its line is in the pipe by now, and is to be heard first.
  const peerSaw = (what: string): void => void setImmediate(hear, `peer saw: ${what}`);
  peer.tls.on('data', (chunk: Buffer) => peerSaw(`${String(chunk.length)} bytes`));
  const sawAll = peer
    .until('an ending', ({ closeNotifyAt, transportEnding }) => (closeNotifyAt ?? transportEnding) !== undefined)
    .then(() => peer.closeNotifyAt !== undefined && peerSaw('close_notify'))
    .then(() => peer.ended())
    .then(() => peerSaw(peer.transportEnding === 'fin' ? 'end' : 'reset'));
  try {
    await peer.secured();
    await scene.act(peer);
    await sawAll;
    const [code, signal] = await exited;
    return { heard, exitStatus: code ?? signal ?? 'unknown' };
  } finally {
    peer.destroy();
    child.kill();
  }
}

/** A fresh connection on 127.0.0.1; nobody reads from the far end, so that the program finds all of it. */
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
