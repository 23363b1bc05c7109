import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { serve, type Bounds, type Served } from '../../../../src/inspect/explore/serve.ts';
import { Trouble } from '../../../../src/inspect/trouble.ts';
import { poll, within } from '../../../live/support/watch.ts';

const page = { html: Buffer.from('<!doctype html>\0ü\r\n'), policy: "default-src 'none'" };
/** Nothing here takes as long as that, and the tests of one bound lower only that one. */
const PATIENT: Bounds = { headers: 60_000, request: 60_000, silence: 60_000, look: 20, connections: 64 };

/** Serves the page while `body` runs; nothing may be warned of. */
const served = async (
  body: (server: Served, port: number) => Promise<void>,
  { html = page.html, ...bounds }: Partial<Bounds> & { html?: Buffer } = {},
): Promise<void> => {
  const warnings: string[] = [];
  const warning = (message: string): void => void warnings.push(message);
  const server = await serve({ ...page, html }, { port: 0, warning, bounds: { ...PATIENT, ...bounds } });
  try {
    await body(server, Number(new URL(server.address).port));
  } finally {
    server.close();
  }
  assert.equal(warnings, []);
};

/** One connection, and all that came on it. */
class Client {
  readonly socket: Socket;
  readonly #closed: Promise<unknown>;
  received = '';

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.setEncoding('latin1').on('data', (text: string) => (this.received += text));
    // A reset is an end, too.
    this.socket.on('error', () => undefined);
    this.#closed = new Promise((resolve) => this.socket.once('close', resolve));
  }

  async receives(what: RegExp): Promise<void> {
    await poll(`${String(what)} in ${this.received}`, () => what.test(this.received));
  }

  ended(): Promise<unknown> {
    return within('the end of the connection', this.#closed);
  }
}

const STATUS = /HTTP\/1\.1 \d+/g;
const lines = (method: string, port: number): string => `${method} / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`;

test('the address is that of 127.0.0.1 with the port that the system chose', () =>
  served(async ({ address }) => {
    assert.match(address, /^http:\/\/127\.0\.0\.1:[1-9]\d*\/$/);
    const response = await fetch(address);
    assert.is(response.status, 200);
    assert.equal(Buffer.from(await response.arrayBuffer()), page.html);
  }));

test('nobody can connect from another address, not even from one of this machine', () =>
  served(async (_, port) => {
    const places = ['tcp', 'tcp6'].flatMap((table) =>
      [...readFileSync(`/proc/net/${table}`, 'latin1').matchAll(LISTENING)]
        .filter(([, , hex = '']) => Number.parseInt(hex, 16) === port)
        .map(([, address]) => address),
    );
    assert.equal(places, ['0100007F']);
  }));
/** A socket in state 0A, TCP_LISTEN: address and port in hexadecimal, the address in the byte order of the machine. */
const LISTENING = /^ *\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ 0A /gm;

test('a port that is in use is told in the words of the system', () =>
  served(async (_, port) => {
    try {
      (await serve(page, { port, warning: assert.unreachable })).close();
    } catch (error) {
      assert.instance(error, Trouble);
      assert.is((error as Trouble).message, `unable to listen on 127.0.0.1 port ${port}: address already in use`);
      return;
    }
    assert.unreachable('both listen');
  }));

test('HEAD gets the headers of GET, and nothing behind them', () =>
  served(async (_, port) => {
    const client = new Client(port);
    client.socket.end(`${lines('HEAD', port)}\r\n`);
    await client.ended();
    assert.match(client.received, /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(client.received, new RegExp(`\r\nContent-Length: ${page.html.byteLength}\r\n`));
    assert.match(client.received, /\r\n\r\n$/);
  }));

test('the Host header of the request decides: a foreign one, none, and two are refused', () =>
  served(async (_, port) => {
    for (const host of ['Host: evil.example', '', `Host: 127.0.0.1:${port}\r\nHost: 127.0.0.1:${port}`]) {
      const client = new Client(port);
      // HTTP/1.0 may leave it out.
      client.socket.end(`GET / HTTP/1.0\r\n${host}${host === '' ? '' : '\r\n'}\r\n`);
      await client.ended();
      assert.match(client.received, /^HTTP\/1\.1 421 Misdirected Request\r\n/);
      assert.match(client.received, new RegExp(`\r\n\r\nthis server is http://127\\.0\\.0\\.1:${port}/\n$`));
    }
  }));

test('a request with a body is answered before the body has come', () =>
  served(async (_, port) => {
    const client = new Client(port);
    client.socket.write(`${lines('POST', port)}Content-Length: 1000000\r\n\r\n`);
    await client.receives(/^HTTP\/1\.1 405 .*\n$/s);
    client.socket.destroy();
  }));

test('a client that asks whether to send a body is not told to go on', () =>
  served(async (_, port) => {
    const client = new Client(port);
    client.socket.write(`${lines('PUT', port)}Content-Length: 9\r\nExpect: 100-continue\r\n\r\n`);
    await client.receives(/^HTTP\/1\.1 405 .*\n$/s);
    client.socket.destroy();
  }));

test('a body is thrown away, and the next request on the connection is answered', () =>
  served(async (_, port) => {
    const client = new Client(port);
    const bytes = 4_000_000;
    client.socket.write(`${lines('POST', port)}Content-Length: ${bytes}\r\n\r\n`);
    client.socket.write(Buffer.alloc(bytes, 'x'));
    client.socket.end(`${lines('GET', port)}Connection: close\r\n\r\n`);
    await client.ended();
    assert.equal(client.received.match(STATUS), ['HTTP/1.1 405', 'HTTP/1.1 200']);
  }));

test('a request whose headers do not come to an end is given up', () =>
  served(
    async (_, port) => {
      const client = new Client(port);
      client.socket.write(lines('GET', port));
      await client.ended();
      assert.match(client.received, /^HTTP\/1\.1 408 /);
    },
    { headers: 50 },
  ));

test('a body that does not come to an end is given up', () =>
  served(
    async (_, port) => {
      const client = new Client(port);
      client.socket.write(`${lines('POST', port)}Content-Length: 1000000\r\n\r\nx`);
      await client.ended();
      // Not by Node's keepAliveTimeout, which would end it without a word.
      assert.equal(client.received.match(STATUS), ['HTTP/1.1 405', 'HTTP/1.1 408']);
    },
    { headers: 50, request: 100 },
  ));

test('a client that does not take its answer is given up', () =>
  served(
    async (_, port) => {
      const client = new Client(port);
      client.socket.pause();
      client.socket.write(`${lines('GET', port)}\r\n`);
      const others = connectionsOf(port);
      await poll('the connection', () => others() === 1);
      await poll('the server to let go of it', () => others() === 0);
      client.socket.destroy();
    },
    // More than the kernel keeps for both sides.
    { html: Buffer.alloc(64_000_000, '.'), silence: 200 },
  ));

test('no more connections than the bound are kept', () =>
  served(
    async (_, port) => {
      const kept = [new Client(port), new Client(port)];
      await Promise.all(kept.map(({ socket }) => within('a connection', once(socket, 'connect'))));
      const refused = new Client(port);
      await refused.ended();
      assert.is(refused.received, '');
      for (const client of kept) {
        client.socket.end(`${lines('HEAD', port)}\r\n`);
        await client.ended();
        assert.match(client.received, /^HTTP\/1\.1 200 /);
      }
    },
    { connections: 2 },
  ));

test('close ends connections that are kept for later, and those in the middle of a request', () =>
  served(async ({ close }, port) => {
    const [idle, busy] = [new Client(port), new Client(port)];
    idle.socket.write(`${lines('HEAD', port)}\r\n`);
    await idle.receives(/^HTTP\/1\.1 200 .*\r\n\r\n$/s);
    busy.socket.write(lines('GET', port));
    await poll('both connections', () => connectionsOf(port)() === 2);
    const ended = [idle.ended(), busy.ended()];
    close();
    await Promise.all(ended);
  }));

/** How many connections the server on the port has, as the kernel tells: state 01, TCP_ESTABLISHED. */
const connectionsOf = (port: number) => (): number => {
  const local = port.toString(16).toUpperCase().padStart(4, '0');
  const line = new RegExp(`^ *\\d+: 0100007F:${local} \\S+ 01 `, 'gm');
  return readFileSync('/proc/net/tcp', 'latin1').match(line)?.length ?? 0;
};

test.run();
