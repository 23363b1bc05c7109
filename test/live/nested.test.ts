import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eachProtocol, PROGRAM, type Live } from './support/live.ts';
import { Peer } from './support/peer.ts';
import { stream, streamDigest } from './support/stream.ts';

// TLS inside TLS: the outer program's prog is s6-tlsd, whose fd 0 and fd 1 are pipes then.

const SIZE = 500_000;

/** A peer that speaks TLS over what `outer` carries. */
const inside = async (outer: Peer, live: Live): Promise<Peer> => {
  const peer = new Peer({ input: outer.tls, output: outer.tls }, { protocol: live.protocol, discard: true });
  peer.startTls();
  await peer.secured();
  return peer;
};

/** An echo of everything, and then every ending in its turn: prog's, the inner close_notify, the outer one. */
const conversation = async (outer: Peer, live: Live): Promise<void> => {
  const inner = await inside(outer, live);
  assert.ok(await inner.sendAll(stream(SIZE), 10_000));
  await inner.until('the echo', () => inner.received === SIZE);
  await inner.closeNotify();
  await inner.notified();
  // Its FIN is the close_notify of the outer one, to which TLS 1.2 would sacrifice what is on its way.
  inner.fin();
  assert.is(await inner.ended(), 'close_notify, fin');
  assert.is(inner.digest(), streamDigest(SIZE));
  assert.is(inner.bytesAfterCloseNotify, 0);
  await outer.notified();
  outer.fin();
  assert.is(await outer.ended(), 'close_notify, fin');
  assert.is(outer.bytesAfterCloseNotify, 0);
};

/** The inner one needs the keys, too: -Z of the outer one leaves them in its environment. */
const INNER = [PROGRAM, '-S', '-J', 'sh', '-c', 'test -p /dev/stdin || exit 99; cat; exit 6'];

eachProtocol('s6-tlsd -Z s6-tlsd prog: an echo, both endings, the exit status of prog', async (live) => {
  const { peer, tlsd } = await live.meet({ options: ['-S', '-J', '-Z'], prog: INNER, discard: true });
  await conversation(peer, live);
  assert.is(await tlsd.exit(), 6, tlsd.stderr);
  assert.is(tlsd.stderr, '');
});

eachProtocol('s6-tlsserver -Z … s6-tlsd prog: two connections at once', async (live) => {
  const server = await live.resident({ options: ['-S', '-J', '-Z', '-v2'], prog: INNER });
  const peers = [await live.join(server.port, { discard: true }), await live.join(server.port, { discard: true })];
  await Promise.all(peers.map((peer) => conversation(peer, live)));
  for (const number of [1, 2]) assert.match(await server.verdict(number), /prog exited 6$/);
});

eachProtocol('the inner FIN without close_notify is a truncation, whatever the outer one ends by', async (live) => {
  const { peer, tlsd } = await live.meet({ options: ['-S', '-J', '-Z'], prog: INNER, discard: true });
  const inner = await inside(peer, live);
  await inner.send('hello');
  await inner.until('the echo', () => inner.received === 5);
  inner.fin();
  await inner.ended();
  await peer.notified();
  peer.fin();
  assert.is(await tlsd.exit(), 98);
  assert.match(tlsd.stderr, /^s6-tlsd: fatal: unable to carry on with TLS: [^\n]+\n$/);
});

test.run();
