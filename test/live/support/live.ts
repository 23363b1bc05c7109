import { randomBytes } from 'node:crypto';
import { connect, type NetConnectOpts } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { certificates } from '../../fixtures/certificates.ts';
import { launch, superServer, type SuperServer, type Wiring } from './host.ts';
import { Peer, type PeerOptions } from './peer.ts';
import { startResident, type Resident, type ResidentOrder } from './resident.ts';
import { Running } from './running.ts';
import { commandLine, marked, type Tlsd } from './tlsd.ts';
import { poll } from './watch.ts';

export type Protocol = 'TLSv1.2' | 'TLSv1.3';

export interface Meeting {
  readonly peer: Peer;
  readonly tlsd: Tlsd;
}

export interface Order extends PeerOptions {
  readonly options?: readonly string[];
  readonly prog: readonly string[];
  /** Replaces variables; `undefined` removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly wiring?: Wiring;
  /** Instead of the program as it is installed. */
  readonly program?: string;
  /** Words put before the program under test, such as those of `setpriv`. */
  readonly under?: readonly string[];
  /** What the peer does about TLS; the default is a finished handshake. */
  readonly handshake?: 'finished' | 'begun' | 'none';
}

export interface JoinOptions extends PeerOptions {
  /** `false`: it is begun and not waited for. The default is a finished one. */
  readonly handshake?: false | 'none';
}

/** A test that runs once for each version of TLS. */
export const eachProtocol = (title: string, body: (live: Live) => Promise<void>): void => {
  for (const protocol of PROTOCOLS) register(`${title} (${protocol})`, protocol, body);
};

/** A test that does not depend on the version of TLS, or chooses it itself. */
export const once = (title: string, body: (live: Live) => Promise<void>): void => {
  register(title, 'TLSv1.3', body);
};

/** What one test has started. At its end nothing of that may be left. */
export class Live {
  readonly protocol: Protocol;
  readonly #mark = `MARBLE_TLS_LIVE=${randomBytes(8).toString('hex')}`;
  readonly #peers: Peer[] = [];
  readonly #servers: SuperServer[] = [];
  readonly #others: Running[] = [];
  readonly #residents: Resident[] = [];

  constructor(protocol: Protocol) {
    this.protocol = protocol;
  }

  /** Starts the program under test on a fresh connection. */
  async meet(order: Order): Promise<Meeting> {
    const { transport, tlsd } = await launch({
      ...this.#whatToRun(order),
      wiring: order.wiring ?? 'tcp',
    });
    const peer = new Peer(transport, { protocol: this.protocol, ...order });
    this.#peers.push(peer);
    if (order.handshake !== 'none') peer.startTls();
    if ((order.handshake ?? 'finished') === 'finished') await peer.secured();
    return { peer, tlsd };
  }

  /** Starts the program under test for every connection to a port, for clients that are programs of their own. */
  async serve(order: Order): Promise<SuperServer> {
    const server = await superServer(this.#whatToRun(order));
    this.#servers.push(server);
    return server;
  }

  /** Starts s6-tlsserver, and waits until it is ready. It is stopped at the end, which must succeed. */
  async resident(order: ResidentOrder): Promise<Resident> {
    const resident = await startResident(order, this.environment(order.env));
    this.#residents.push(resident);
    return resident;
  }

  /** Connects to a port of 127.0.0.1, or any other place, that somebody else listens on, such as a super-server under test. */
  async join(to: number | NetConnectOpts, options: JoinOptions = {}): Promise<Peer> {
    const place = typeof to === 'number' ? { port: to, host: '127.0.0.1' } : to;
    const socket = connect({ ...place, allowHalfOpen: true, noDelay: true });
    const peer = new Peer({ input: socket, output: socket }, { protocol: this.protocol, ...options });
    this.#peers.push(peer);
    if (options.handshake !== 'none') peer.startTls();
    if (options.handshake === undefined) await peer.secured();
    return peer;
  }

  /** Starts any other program, to be gone at the end like the rest; collects what it says. */
  run(command: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): Running {
    const running = new Running(command, this.environment(env));
    this.#others.push(running);
    return running;
  }

  #whatToRun({ program = PROGRAM, under = [], options = [], prog, env }: Order): {
    command: string[];
    env: NodeJS.ProcessEnv;
  } {
    return { command: [...under, program, ...options, ...prog], env: this.environment(env) };
  }

  /** The environment of a well set up super-server, and nothing of ours that costs time or changes meaning. */
  environment(changes: Readonly<Record<string, string | undefined>> = {}): NodeJS.ProcessEnv {
    const { server, chainFile } = certificates();
    const [name = '', value = ''] = this.#mark.split('=');
    const all = { PATH: process.env['PATH'], KEYFILE: server.keyFile, CERTFILE: chainFile, [name]: value, ...changes };
    return Object.fromEntries(Object.entries(all).filter(([, given]) => given !== undefined));
  }

  /** Everything this test started that still runs. */
  running(): number[] {
    return marked(this.#mark);
  }

  /** Fails when a process that this test started is still there. */
  async nothingLeft(): Promise<void> {
    for (const running of this.#others) running.stop();
    for (const resident of this.#residents) await resident.stop();
    try {
      await poll('every process to be gone', () => this.running().length === 0, 5000);
    } catch (error) {
      assert.unreachable(`${(error as Error).message}; left: ${this.running().map(commandLine).join('; ')}`);
    }
  }

  /** Ends what a failed test has left. */
  cleanUp(): void {
    for (const server of this.#servers) server.stop();
    for (const peer of this.#peers) peer.destroy();
    for (const pid of this.running()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended between our look and our signal.
      }
    }
  }
}

const register = (title: string, protocol: Protocol, body: (live: Live) => Promise<void>): void => {
  test(title, async () => {
    const live = new Live(protocol);
    try {
      await body(live);
      await live.nothingLeft();
    } finally {
      live.cleanUp();
    }
  });
};

const PROTOCOLS: readonly Protocol[] = ['TLSv1.2', 'TLSv1.3'];

/** The program under test, as it is installed. */
export const PROGRAM = process.env['S6_TLSD'] ?? new URL('../../../dist/s6-tlsd.cjs', import.meta.url).pathname;
