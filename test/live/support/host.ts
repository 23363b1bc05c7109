import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { connect, createServer, Socket, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tlsd } from './tlsd.ts';
import { Watch, within } from './watch.ts';

/** How the connection gets onto fd 0 and fd 1 of the program under test. */
export type Wiring = 'tcp' | 'unix' | 'two sockets' | 'pipes';

/** The peer's two halves of a connection: the same socket, unless the wiring says otherwise. */
export interface Transport {
  readonly input: Socket;
  readonly output: Socket;
}

export interface Launch {
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly wiring: Wiring;
}

/**
 * Does the work of a super-server for one connection: accepts it without reading from it, starts the program with the
 * connection as fd 0 and fd 1, and lets go of its own copy, so that nobody but the program holds our side.
 */
export const launch = async (order: Launch): Promise<{ transport: Transport; tlsd: Tlsd }> => {
  switch (order.wiring) {
    case 'tcp':
    case 'unix': {
      const [ours, theirs] = await socketPair(order.wiring);
      const tlsd = start(order, theirs, theirs);
      theirs.destroy();
      return { transport: { input: ours, output: ours }, tlsd };
    }
    case 'two sockets': {
      const [input, theirOutput] = await socketPair('tcp');
      const [output, theirInput] = await socketPair('tcp');
      const tlsd = start(order, theirInput, theirOutput);
      theirInput.destroy();
      theirOutput.destroy();
      return { transport: { input, output }, tlsd };
    }
    case 'pipes': {
      const [theirInput, ourOutput] = pipe();
      const [ourInput, theirOutput] = pipe();
      const tlsd = start(order, theirInput, theirOutput);
      closeSync(theirInput);
      closeSync(theirOutput);
      const input = new Socket({ fd: ourInput, readable: true, writable: false });
      const output = new Socket({ fd: ourOutput, readable: false, writable: true });
      return { transport: { input, output }, tlsd };
    }
  }
};

/** A super-server that starts the program for every connection it accepts. */
export interface SuperServer {
  readonly port: number;
  /** The program for the next connection that nobody has asked for yet. */
  next(): Promise<Tlsd>;
  stop(): void;
}

/** Listens on 127.0.0.1, for clients that are programs of their own. */
export const superServer = async (order: Omit<Launch, 'wiring'>): Promise<SuperServer> => {
  const started: Tlsd[] = [];
  const arrivals = new Watch(() => `${String(started.length)} connections`);
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    started.push(start(order, socket, socket));
    socket.destroy();
    arrivals.changed();
  });
  const listening = new Promise<void>((resolve) => server.once('listening', resolve));
  server.listen(0, '127.0.0.1');
  await within('listening', listening);
  let asked = 0;
  return {
    port: (server.address() as AddressInfo).port,
    next: async () => {
      const index = asked++;
      await arrivals.until('a connection', () => started.length > index);
      return started[index] as Tlsd;
    },
    stop: () => server.close(),
  };
};

const start = (order: Omit<Launch, 'wiring'>, input: Socket | number, output: Socket | number): Tlsd => {
  const [file = '', ...args] = order.command;
  const child: ChildProcess = spawn(file, args, { env: order.env, stdio: [input, output, 'pipe'] });
  return new Tlsd(child);
};

/** The near and the far end of a fresh connection; nothing reads from the far end, as the program will. */
const socketPair = async (kind: 'tcp' | 'unix'): Promise<[near: Socket, far: Socket]> => {
  const directory = kind === 'unix' ? mkdtempSync(join(tmpdir(), 'marble-tls-live-')) : undefined;
  const server: Server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
  const listening = new Promise<void>((resolve) => server.once('listening', resolve));
  if (directory === undefined) server.listen(0, '127.0.0.1');
  else server.listen(join(directory, 'socket'));
  await within('listening', listening);
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const near =
    directory === undefined
      ? connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
      : connect({ path: join(directory, 'socket'), allowHalfOpen: true });
  // The far end may be reset before anybody listens.
  near.on('error', () => undefined);
  const connected = new Promise<void>((resolve) => near.once('connect', resolve));
  const [far] = await within('a connection', Promise.all([accepted, connected]));
  far.on('error', () => undefined);
  server.close();
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  return [near, far];
};

/** A pipe, by way of a FIFO that nobody else can open: Node has no pipe(2). */
const pipe = (): [readEnd: number, writeEnd: number] => {
  const directory = mkdtempSync(join(tmpdir(), 'marble-tls-live-'));
  const path = join(directory, 'fifo');
  execFileSync('mkfifo', [path]);
  const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeEnd = openSync(path, constants.O_WRONLY);
  rmSync(directory, { recursive: true, force: true });
  return [readEnd, writeEnd];
};
