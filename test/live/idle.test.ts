import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eachProtocol, type Meeting } from './support/live.ts';
import { poll } from './support/watch.ts';

// Spec sections 2 and 5: -K.

const ENDINGS = { '-s': 'fin', '-S': 'close_notify, fin', '-N': 'close_notify, fin' } as const;

eachProtocol('-K: silence instead of a handshake ends the connection, 98, and prog is never run', async (live) => {
  const { peer, tlsd } = await live.meet({
    options: ['-K', '300'],
    prog: ['sh', '-c', 'echo "R"AN >&2'],
    handshake: 'none',
  });
  await peer.ended();
  assert.is(await tlsd.exit(), 98);
  assert.match(tlsd.stderr, /^s6-tlsd: fatal: [^\n]+\n$/);
});

eachProtocol('-K: a handshake that trickles in does not buy time', async (live) => {
  const { peer, tlsd } = await live.meet({ options: ['-K400'], prog: ['true'], handshake: 'none' });
  const hello = await peer.sealed(async () => {
    peer.startTls();
    await new Promise((resolve) => setImmediate(resolve));
  });
  const from = performance.now();
  for (let at = 0; at < hello.length && peer.transportEnding === undefined; at++) {
    await peer.raw(hello.subarray(at, at + 1));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await peer.ended();
  const waited = performance.now() - from;
  assert.ok(waited < 3000, `${String(waited)} ms`);
  assert.is(await tlsd.exit(), 98);
});

for (const [policy, ending] of Object.entries(ENDINGS)) {
  eachProtocol(`-K ${policy}: silence of both sides ends both directions, with prog's exit code`, async (live) => {
    const from = performance.now();
    const { peer, tlsd } = await live.meet({
      options: [policy, '-K', '400'],
      prog: ['sh', '-c', 'echo hello; wc -c >&2; exit 6'],
    });
    assert.is(await peer.ended(), ending);
    assert.ok(performance.now() - from >= 395);
    assert.is(peer.text, 'hello\n');
    // This peer never ends its side: it is not waited for.
    assert.is(await tlsd.exit(), 6);
    assert.match(tlsd.stderr, /^0$/m);
  });

  eachProtocol(`-K ${policy}: a prog that does not mind is still waited for`, async (live) => {
    const { peer, tlsd } = await live.meet({
      options: [policy, '-K200'],
      prog: ['sh', '-c', 'sleep 1.5; echo done >&2; exit 6'],
    });
    assert.is(await peer.ended(), ending);
    assert.not.match(tlsd.stderr, /done/);
    assert.is(await tlsd.exit(), 6);
  });
}

const FOR_A_WHILE = 1600;

eachProtocol('-K: as long as the peer sends, the connection lives', async (live) => {
  const { peer, tlsd } = await live.meet({ options: ['-K', '600'], prog: ['sh', '-c', 'cat >/dev/null; exit 6'] });
  await everyNowAndThen({ peer, tlsd }, () => peer.send('x'));
  await peer.ended();
  assert.is(await tlsd.exit(), 6);
});

eachProtocol('-K: as long as prog sends, the connection lives', async (live) => {
  const { peer, tlsd } = await live.meet({
    options: ['-S', '-K', '600'],
    prog: ['sh', '-c', 'for i in 1 2 3 4 5 6 7 8; do sleep 0.2; echo $i; done; exec cat'],
  });
  const from = performance.now();
  await peer.receives('8\n');
  assert.is(await peer.ended(), 'close_notify, fin');
  assert.ok(performance.now() - from > 1900);
  assert.is(await tlsd.exit(), 0);
});

eachProtocol('-K 0 never ends a silent connection', async (live) => {
  const { peer, tlsd } = await live.meet({ options: ['-K0'], prog: ['sh', '-c', 'sleep 1; echo awake'] });
  await peer.receives('awake');
  peer.fin();
  await peer.ended();
  assert.is(await tlsd.exit(), 0);
});

eachProtocol('-K after our ending bounds the wait for the peer', async (live) => {
  const { peer, tlsd } = await live.meet({ options: ['-S', '-K', '300'], prog: ['sh', '-c', 'echo hello; exit 8'] });
  await peer.ended();
  const from = performance.now();
  assert.is(await tlsd.exit(), 8);
  assert.ok(performance.now() - from < 3000);
});

const everyNowAndThen = async ({ peer, tlsd }: Meeting, act: () => Promise<void>): Promise<void> => {
  const end = performance.now() + FOR_A_WHILE;
  await poll('a while to pass', async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.is(peer.transportEnding, undefined, 'the connection was ended too early');
    assert.not(tlsd.hasExited);
    await act();
    return performance.now() > end;
  });
};

test.run();
