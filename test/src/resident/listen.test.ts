import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { firstValueFrom } from 'rxjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { descriptorOf } from '../../../src/native/descriptor-of.ts';
import { loadKoffi } from '../../../src/native/koffi.ts';
import type { Accepted } from '../../../src/resident/accept.ts';
import { poll, within } from '../../live/support/watch.ts';
import { deathOf, hangUp, meet, open } from './support/opening.ts';
import { undoAll } from './support/undo.ts';

test.after.each(undoAll);

for (const [host, client, ip] of [
  ['0', '127.0.0.1', '127.0.0.1'],
  ['127.0.0.1', '127.0.0.1', '127.0.0.1'],
  ['localhost', '127.0.0.1', '127.0.0.1'],
  ['::1', '::1', '::1'],
  ['::', '::1', '::1'],
  ['::', '127.0.0.1', '127.0.0.1'],
] as const) {
  test(`on ${host} a client of ${client} is accepted, and both ends are known`, async () => {
    const listener = await open(host, '0');
    const port = Number(listener.bound);
    const { client: socket, accepted } = await meet(listener, { host: client, port });
    const remote = { ip, port: (socket.address() as AddressInfo).port };
    assert.equal(accepted.ends, { kind: 'tcp', remote, local: { ip, port } });
    hangUp(listener, socket, accepted.socket);
  });
}

test('on 0 no client of IPv6 is accepted', async () => {
  const listener = await open('0', '0');
  const [error] = (await once(connect(Number(listener.bound), '::1'), 'error')) as [NodeJS.ErrnoException];
  assert.is(error.code, 'ECONNREFUSED');
  listener.close();
});

test('nothing of an accepted connection is read before it is resumed, and it can be ended in one direction', async () => {
  const listener = await open('127.0.0.1', '0');
  const client = connect({ port: Number(listener.bound), host: '127.0.0.1', allowHalfOpen: true });
  client.end('hello');
  const accepted = firstValueFrom(listener.accepted$);
  await within('FIN', once(client, 'finish'));
  const { socket } = await accepted;
  assert.ok(socket.isPaused());
  assert.is(socket.bytesRead, 0);
  const [chunk] = (await within('data', once(socket.resume(), 'data'))) as [Buffer];
  assert.is(chunk.toString(), 'hello');
  await within('end', once(socket, 'end'));
  assert.ok(socket.writable);
  hangUp(listener, client, socket);
});

const getsockopt = loadKoffi().load(null).func('int getsockopt(int, int, int, void *, void *)');
const tcpOption = (fd: number, option: number, into: Uint32Array): Uint32Array => {
  assert.is(getsockopt(fd, 6, option, into, new Uint32Array([into.byteLength])), 0);
  return into;
};
const [TCP_NODELAY, TCP_INFO] = [1, 11];

test('accepted connections do not wait for acknowledgements (TCP_NODELAY)', async () => {
  const listener = await open('127.0.0.1', '0');
  const { client, accepted } = await meet(listener, { port: Number(listener.bound) });
  assert.is(tcpOption(descriptorOf(accepted.socket) ?? -1, TCP_NODELAY, new Uint32Array(1))[0], 1);
  hangUp(listener, client, accepted.socket);
});

test('the backlog is given to listen(2)', async () => {
  const listener = await open('127.0.0.1', '0');
  // Of a listening socket tcpi_sacked, the sixth number after eight bytes, is the most that it keeps: tcp(7), tcp_get_info.
  const info = tcpOption(listeningOn(Number(listener.bound)), TCP_INFO, new Uint32Array(16));
  assert.is(info[7], 7);
  listener.close();
});

/** The descriptor of ours that listens on the port of 127.0.0.1. */
const listeningOn = (port: number): number => {
  const address = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const line = readFileSync('/proc/net/tcp', 'latin1').split('\n').find((each) => each.includes(`: ${address} `)); // prettier-ignore
  const inode = line?.trim().split(/\s+/)[9];
  const isIt = (fd: string): boolean => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === `socket:[${String(inode)}]`;
    } catch {
      return false; // That of the listing itself.
    }
  };
  return Number(readdirSync('/proc/self/fd').find(isIt));
};

test('connections that come before anybody listens to them are kept', async () => {
  const listener = await open('127.0.0.1', '0');
  const before = descriptors();
  const clients = [0, 1].map(() => connect(Number(listener.bound), '127.0.0.1'));
  await poll('both ends of two connections', () => descriptors() === before + 4);
  const accepted: Accepted[] = [];
  listener.accepted$.subscribe((each) => accepted.push(each));
  assert.is(accepted.length, 2);
  hangUp(listener, ...clients, ...accepted.map(({ socket }) => socket));
});

const descriptors = (): number => readdirSync('/proc/self/fd').length;

test('after close nobody can connect, and those who have are not harmed', async () => {
  const listener = await open('127.0.0.1', '0');
  const { client, accepted } = await meet(listener, { port: Number(listener.bound), host: '127.0.0.1' });
  let complete = false;
  listener.accepted$.subscribe({ complete: () => (complete = true) });
  listener.close();
  assert.ok(complete);
  const [error] = (await once(connect(Number(listener.bound), '127.0.0.1'), 'error')) as [NodeJS.ErrnoException];
  assert.is(error.code, 'ECONNREFUSED');
  client.write('still there');
  const [chunk] = (await within('data', once(accepted.socket.resume(), 'data'))) as [Buffer];
  assert.is(chunk.toString(), 'still there');
  listener.close();
  hangUp(listener, client, accepted.socket);
});

test('a client that has reset its connection before it was accepted is passed over', async () => {
  const listener = await open('127.0.0.1', '0');
  const warnings: string[] = [];
  listener.warning$.subscribe((warning) => warnings.push(warning));
  // While it runs we do not accept.
  const resets = `import socket, struct
s = socket.create_connection(('127.0.0.1', ${listener.bound}))
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
s.close()`;
  assert.is(spawnSync('python3', ['-c', resets]).status, 0);
  const { client, accepted } = await meet(listener, { port: Number(listener.bound), host: '127.0.0.1' });
  assert.is(accepted.ends.kind === 'tcp' && accepted.ends.remote.port, (client.address() as AddressInfo).port);
  assert.equal(warnings, []);
  hangUp(listener, client, accepted.socket);
});

test('an address that cannot be had is a death with 111 that names it', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const port = String((taken.address() as AddressInfo).port);
  assert.is(await deathOf('127.0.0.1', port), `111 unable to listen on 127.0.0.1 port ${port}: address already in use`);
  taken.close();
  assert.is(await deathOf('192.0.2.1', '0'), '111 unable to listen on 192.0.2.1 port 0: address not available');
  assert.match(
    await deathOf('nobody.invalid', '443'),
    /^111 unable to listen on nobody\.invalid port 443: (unknown node or service|temporary failure)$/,
  );
});

test.run();
