import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { childrenOf, workersOf } from './support/family.ts';
import { once, type Live } from './support/live.ts';
import type { Peer } from './support/peer.ts';
import type { Resident } from './support/resident.ts';
import { poll } from './support/watch.ts';

// Handshakes that stall: clients that connect and say nothing, or half a ClientHello.

const STALLED = 50;
/** Milliseconds: `-K`. */
const LIMIT = 3000;
const PROG = ['sh', '-c', 'echo ready; exec cat'];

/** Connects, and says the first so many bytes of what a client says. */
const stall = async (live: Live, server: Resident, bytes: number): Promise<Peer> => {
  const peer = await live.join(server.port, { handshake: 'none' });
  await peer.connected();
  if (bytes > 0) await peer.raw(HELLO.subarray(0, bytes));
  return peer;
};

/** The beginning of a record with a ClientHello of 512 bytes; more is not said. */
const HELLO = Buffer.from([22, 3, 1, 2, 4, 1, 0, 2, 0, 3, 3, 0, 0, 0, 0]);

const visit = async (live: Live, server: Resident): Promise<void> => {
  const peer = await live.join(server.port);
  await peer.receives('ready');
  await peer.send('hello\n');
  await peer.receives('hello\n');
  peer.fin();
  await peer.ended();
};

for (const workers of ['-w0', '-w2']) {
  once(`${workers} -K: fifty stalled handshakes delay nobody, and end when their time is over`, async (live) => {
    const server = await live.resident({
      options: [workers, '-v2', '-c', '100', '-K', String(LIMIT)],
      prog: PROG,
    });
    const begun = performance.now();
    const stalled = await Promise.all(
      Array.from({ length: STALLED }, (_, index) => stall(live, server, index % HELLO.length)),
    );
    const there = performance.now();
    for (let each = 0; each < 10; each++) await visit(live, server);
    // All that was done while they were there, or this says nothing.
    assert.not(
      stalled.some(({ transportEnding }) => transportEnding !== undefined),
      'the machine is too slow',
    );
    for (const peer of stalled) {
      await peer.ended();
      const at = peer.transportEndedAt ?? 0;
      assert.ok(at > begun + LIMIT - 50, `${at - begun} ms after the first began`);
      assert.ok(at < there + LIMIT + 2000, `${at - there} ms after the last had begun`);
      assert.is(peer.received, 0);
    }
    await visit(live, server);
    const lines = server.stderr.match(
      /^s6-tlsserver: warning: \d+: unable to complete the TLS handshake: timed out$/gm,
    );
    assert.is(lines?.length, STALLED, server.stderr);
    assert.is(server.stderr.match(/: closed: handshake failed, timed out; .*; prog not run$/gm)?.length, STALLED);
    const working = workersOf(server.pid);
    await poll('no prog to be left', () => {
      const children = [server.pid, ...working].flatMap(childrenOf);
      return children.every((child) => working.includes(child));
    });
  });

  once(`${workers} without -K a stalled handshake holds its place, and SIGTERM twice ends it`, async (live) => {
    const server = await live.resident({ options: [workers, '-v2', '-c', '2'], prog: PROG });
    const peer = await stall(live, server, 7);
    for (let each = 0; each < 3; each++) await visit(live, server);
    assert.is(peer.transportEnding, undefined);
    server.signal('SIGTERM');
    server.signal('SIGINT');
    await peer.ended();
    assert.is(await server.exit(), 0);
  });
}

test.run();
