import { closeSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, Socket, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPipe2 } from '../../../../src/prog/pipe2.ts';

/** What is on fd 0 and fd 1 of the child, and the peer's ends of it. */
export interface Wires {
  readonly stdin: number | Socket;
  readonly stdout: number | Socket;
  /** The peer writes to the child here. */
  readonly toChild: Socket;
  /** The peer reads from the child here. */
  readonly fromChild: Socket;
  /** To be called when the child has its own copies. */
  letGo(): void;
}

/** The near and the far end of a connection; nobody reads from either until told to. */
async function socketPair(kind: 'tcp' | 'unix' = 'tcp'): Promise<readonly [near: Socket, far: Socket]> {
  const directory = mkdtempSync(join(tmpdir(), 'marble-tls-network-'));
  const path = join(directory, 'socket');
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
  if (kind === 'tcp') server.listen(0, '127.0.0.1');
  else server.listen(path);
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const where = kind === 'tcp' ? { port: (server.address() as AddressInfo).port, host: '127.0.0.1' } : { path };
  const near = connect({ ...where, allowHalfOpen: true });
  near.pause();
  const [[far]] = await Promise.all([accepted, once(near, 'connect')]);
  server.close();
  rmSync(directory, { recursive: true });
  return [near, far];
}

export async function oneSocket(kind: 'tcp' | 'unix' = 'tcp'): Promise<Wires> {
  const [near, far] = await socketPair(kind);
  return { stdin: far, stdout: far, toChild: near, fromChild: near, letGo: () => void far.destroy() };
}

export async function twoSockets(): Promise<Wires> {
  const [[toChild, stdin], [fromChild, stdout]] = await Promise.all([socketPair(), socketPair()]);
  const letGo = (): void => {
    stdin.destroy();
    stdout.destroy();
  };
  return { stdin, stdout, toChild, fromChild, letGo };
}

export async function twoPipes(): Promise<Wires> {
  const pipes = loadPipe2();
  if (!('makePipe' in pipes)) throw new Error(`this test needs pipe2(2): ${pipes.reason}`);
  const [stdin, theirInput] = pipes.makePipe();
  const [theirOutput, stdout] = pipes.makePipe();
  const toChild = new Socket({ fd: theirInput, readable: false, writable: true });
  const fromChild = new Socket({ fd: theirOutput, readable: true, writable: false });
  fromChild.pause();
  const letGo = (): void => {
    closeSync(stdin);
    closeSync(stdout);
  };
  return { stdin, stdout, toChild, fromChild, letGo };
}
