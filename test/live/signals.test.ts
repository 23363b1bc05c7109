import { constants } from 'node:os';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eachProtocol, once } from './support/live.ts';

// Spec section 5: SIGTERM, SIGINT and SIGHUP are passed on to prog, outbound ends by policy, exit 128 + n.

const ENDINGS = { '-s': 'fin', '-S': 'close_notify, fin', '-N': 'close_notify, fin' } as const;
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

for (const signal of SIGNALS) {
  eachProtocol(`${signal} is passed on, and what prog still says is sent before our ending`, async (live) => {
    for (const [policy, ending] of Object.entries(ENDINGS)) {
      const { peer, tlsd } = await live.meet({
        options: [policy],
        prog: ['sh', '-c', `trap 'echo bye; exit 3' ${signal.slice(3)}; echo ready; while :; do sleep 0.02; done`],
      });
      await peer.receives('ready');
      tlsd.signal(signal);
      assert.is(await peer.ended(), ending);
      assert.is(peer.text, 'ready\nbye\n');
      peer.fin();
      assert.is(await tlsd.exit(), 128 + constants.signals[signal], policy);
    }
  });
}

eachProtocol('a prog that the signal kills gives the same exit', async (live) => {
  const { peer, tlsd } = await live.meet({ options: ['-S'], prog: ['sh', '-c', 'echo ready; exec cat'] });
  await peer.receives('ready');
  tlsd.signal('SIGTERM');
  assert.is(await peer.ended(), 'close_notify, fin');
  peer.fin();
  assert.is(await tlsd.exit(), 143);
});

eachProtocol('a prog that ignores the signal goes on talking, and is waited for', async (live) => {
  const { peer, tlsd } = await live.meet({
    options: ['-S'],
    prog: ['sh', '-c', 'trap "" TERM; echo ready; for i in 1 2 3 4; do sleep 0.2; echo $i; done; echo done >&2'],
  });
  await peer.receives('ready');
  tlsd.signal('SIGTERM');
  assert.is(await peer.ended(), 'close_notify, fin');
  assert.is(peer.text, 'ready\n1\n2\n3\n4\n');
  peer.fin();
  assert.is(await tlsd.exit(), 143);
  assert.is(tlsd.stderr, 'done\n');
});

once('a prog that ignores the signal and says nothing is cut off after 5 s, and still waited for', async (live) => {
  const { peer, tlsd } = await live.meet({
    options: ['-S'],
    prog: ['sh', '-c', 'trap "" TERM; echo ready; sleep 7; echo done >&2'],
  });
  await peer.receives('ready');
  const from = performance.now();
  tlsd.signal('SIGTERM');
  assert.is(await peer.ended(), 'close_notify, fin');
  const waited = performance.now() - from;
  assert.ok(waited > 4500 && waited < 6500, `${String(waited)} ms`);
  peer.fin();
  assert.is(await tlsd.exit(), 143);
  assert.match(tlsd.stderr, /done\n/);
});

once('a signal before the handshake is done ends the program, and prog is never run', async (live) => {
  const { peer, tlsd } = await live.meet({ prog: ['sh', '-c', 'echo "R"AN >&2'], handshake: 'none' });
  const hello = await peer.sealed(async () => {
    peer.startTls();
    await new Promise((resolve) => setImmediate(resolve));
  });
  peer.gag();
  await peer.raw(hello);
  await peer.until('an answer', () => peer.records.length > 0);
  tlsd.signal('SIGTERM');
  assert.is(await tlsd.exit(), 143);
  await peer.ended();
  assert.not.match(tlsd.stderr, /RAN/);
});

test.run();
