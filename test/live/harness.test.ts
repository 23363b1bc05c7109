import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { certificates, pem } from '../fixtures/certificates.ts';
import { eachProtocol, once, type Live } from './support/live.ts';
import type { Peer } from './support/peer.ts';
import { RecordCutter } from './support/records.ts';
import { Watch, within } from './support/watch.ts';

// The scripted peer must tell endings apart, or nothing that the other suites say is worth anything.

/** A peer of Node's own TLS server, which does `act`; both ends are gone afterwards, whatever happened. */
const facing = async (
  live: Live,
  act: (socket: TLSSocket) => void,
  then: (peer: Peer) => Promise<void>,
): Promise<void> => {
  const accepted: Socket[] = [];
  const server = createServer({ ...pem(certificates().server), allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    act(socket);
  });
  server.on('connection', (socket: Socket) => accepted.push(socket));
  try {
    const listening = new Promise<void>((resolve) => server.once('listening', resolve));
    server.listen(0, '127.0.0.1');
    await within('listening', listening);
    await then(await live.join((server.address() as AddressInfo).port));
  } finally {
    server.close();
    for (const socket of accepted) socket.destroy();
  }
};

eachProtocol('the peer tells close_notify from FIN', async (live) => {
  await facing(
    live,
    // Not at once: so early, Node 20 leaves close_notify out under TLS 1.3.
    (socket) => socket.once('data', () => socket.end('hello')),
    async (peer) => {
      await peer.send('now');
      assert.is(await peer.ended(), 'close_notify, fin');
      assert.is(peer.text, 'hello');
      assert.is(peer.version, live.protocol);
    },
  );
});

eachProtocol('the peer sees a fatal alert by its name', async (live) => {
  await facing(
    live,
    (socket) => socket.resume(),
    async (peer) => {
      const bytes = await peer.sealed(() => peer.send('hello'));
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
      await peer.raw(bytes);
      await peer.until('an alert', () => peer.alert !== undefined);
      assert.is(peer.alert, 'bad_record_mac');
    },
  );
});

eachProtocol('the peer sends close_notify without FIN, and FIN without close_notify', async (live) => {
  const ends: string[] = [];
  const watch = new Watch(() => ends.join());
  const act = (socket: TLSSocket): void => {
    socket.on('data', (chunk: Buffer) => ends.push(chunk.toString()));
    socket.on('end', () => {
      ends.push('end');
      watch.changed();
    });
  };
  await facing(live, act, async (peer) => {
    await peer.send('hello');
    await peer.closeNotify();
    // TCP is still open: this 'end' is that of close_notify.
    await watch.until('the end', () => ends.includes('end'));
    assert.equal(ends, ['hello', 'end']);
    assert.is(peer.transportEnding, undefined);
    peer.fin();
  });
});

once('the peer sees a bare FIN, a FIN inside a record, and a reset for what they are', async (live) => {
  const endings: string[] = [];
  for (const act of ['fin', 'cut', 'reset'] as const) {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      if (act === 'fin') socket.end();
      if (act === 'cut') socket.end(Buffer.from([22, 3, 3, 0, 9, 1]));
      if (act === 'reset') socket.once('data', () => socket.resetAndDestroy());
    });
    const listening = new Promise<void>((resolve) => server.once('listening', resolve));
    server.listen(0, '127.0.0.1');
    await within('listening', listening);
    const peer = await live.join((server.address() as AddressInfo).port, { handshake: false });
    endings.push(await peer.ended());
    peer.destroy();
    server.close();
  }
  assert.equal(endings, ['fin', 'fin inside a record', 'reset']);
});

once('records are cut at their ends, whatever the chunks', async () => {
  const bytes = Buffer.from([22, 3, 3, 0, 2, 7, 8, 23, 3, 3, 0, 0, 21, 3, 3, 0, 3, 1]);
  for (let size = 1; size <= bytes.length; size++) {
    const cutter = new RecordCutter();
    const types: number[] = [];
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size)
      for (const { piece, whole } of cutter.cut(bytes.subarray(at, at + size))) {
        pieces.push(piece);
        if (whole !== undefined) types.push(whole.header.type);
      }
    assert.equal(types, [22, 23]);
    assert.is(cutter.missing, 2);
    assert.ok(Buffer.concat(pieces).equals(bytes));
  }
});

once('a wait that is too long says what it waited for and what was seen', async () => {
  const watch = new Watch(() => 'nothing at all');
  try {
    await watch.until('better times', () => false, 10);
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'waited 10 ms for better times; seen so far: nothing at all');
  }
});

test.run();
