import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eachProtocol } from './support/live.ts';
import { GIBIBYTE, STREAM_COMMAND, stream, streamDigest } from './support/stream.ts';
import type { Tlsd } from './support/tlsd.ts';

// Spec section 4.4: a gibibyte each way, whole, in bounded memory.

const MAY_GROW = 32 << 20;

eachProtocol('a gibibyte from prog arrives whole', async (live) => {
  const { peer, tlsd } = await live.meet({
    options: ['-S'],
    prog: ['sh', '-c', STREAM_COMMAND, 'sh', String(GIBIBYTE)],
    discard: true,
  });
  assert.is(await peer.ended(LONG), 'close_notify, fin');
  assert.is(peer.received, GIBIBYTE);
  assert.is(peer.digest(), streamDigest(GIBIBYTE));
  peer.fin();
  assert.is(await tlsd.exit(), 0);
});

eachProtocol('a gibibyte from the peer arrives whole', async (live) => {
  const { peer, tlsd } = await live.meet({ options: ['-s'], prog: ['sha256sum'] });
  assert.ok(await peer.sendAll(stream(GIBIBYTE), LONG));
  await peer.closeNotify();
  peer.fin();
  await peer.ended(LONG);
  assert.is(peer.text, `${streamDigest(GIBIBYTE)}  -\n`);
  assert.is(await tlsd.exit(), 0);
});

eachProtocol('half a gibibyte each way never takes 32 MiB more than an idle connection', async (live) => {
  const half = GIBIBYTE / 2;
  const script = `read -r go; head -c ${String(half)} /dev/zero; head -c ${String(half)} | wc -c; read -r bye`;
  const { peer, tlsd } = await live.meet({ options: ['-S'], prog: ['sh', '-c', script], discard: true });
  const idle = tlsd.residentMemory();
  await peer.send('go\n');
  await peer.until('what prog says', () => peer.received === half, LONG);
  assert.ok(await peer.sendAll(zeros(half), LONG));
  await peer.until('the count', () => peer.received === half + `${String(half)}\n`.length, LONG);
  const grown = tlsd.peakMemory() - idle;
  assert.ok(grown <= MAY_GROW, `grew by ${String(grown >> 20)} MiB`);
  assert.ok(grown > 0);
  await peer.send('bye\n');
  assert.is(await peer.ended(LONG), 'close_notify, fin');
  peer.fin();
  assert.is(await tlsd.exit(), 0);
});

eachProtocol(
  'memory does not grow while the peer does not read, and all of a gibibyte comes afterwards',
  async (live) => {
    const { peer, tlsd } = await live.meet({
      options: ['-s'],
      prog: ['sh', '-c', `read -r go; echo "prog $$" >&2; exec head -c ${String(GIBIBYTE)} /dev/zero`],
      discard: true,
    });
    const idle = tlsd.residentMemory();
    peer.stopReading();
    await peer.send('go\n');
    const prog = Number((await tlsd.says(/prog (\d+)\n/))[1]);
    await stalled(tlsd, idle, () => written(prog));
    assert.ok(written(prog) < GIBIBYTE, 'prog itself is stopped');
    peer.resumeReading();
    assert.is(await peer.ended(LONG), 'fin');
    assert.is(peer.received, GIBIBYTE);
    peer.fin();
    assert.is(await tlsd.exit(), 0);
  },
);

eachProtocol('memory does not grow while prog does not read, and all of a gibibyte comes afterwards', async (live) => {
  const go = join(tmpdir(), `marble-tls-live-go-${String(process.pid)}`);
  const { peer, tlsd } = await live.meet({
    options: ['-s'],
    prog: ['sh', '-c', 'echo ready; while test ! -e "$0"; do sleep 0.05; done; wc -c', go],
  });
  try {
    await peer.receives('ready');
    const idle = tlsd.residentMemory();
    const done = peer.sendAll(zeros(GIBIBYTE), LONG);
    await stalled(tlsd, idle, () => peer.sent);
    assert.ok(peer.sent < GIBIBYTE / 4, 'the peer itself is stopped');
    writeFileSync(go, '');
    assert.ok(await done);
  } finally {
    rmSync(go, { force: true });
  }
  await peer.closeNotify();
  peer.fin();
  await peer.ended(LONG);
  assert.is(peer.text, `ready\n${String(GIBIBYTE)}\n`);
  assert.is(await tlsd.exit(), 0);
});

eachProtocol('a prog that does not read does not stop its own output', async (live) => {
  const { peer, tlsd } = await live.meet({
    options: ['-s'],
    prog: ['sh', '-c', 'read -r go; head -c 20000000 /dev/zero; exec >&-; wc -c >&2'],
    discard: true,
  });
  await peer.send('go\n');
  const done = peer.sendAll(zeros(8 << 20), LONG);
  assert.is(await peer.ended(), 'fin');
  assert.is(peer.received, 20_000_000);
  assert.ok(await done);
  await peer.closeNotify();
  peer.fin();
  assert.is(await tlsd.exit(), 0);
  assert.is(Number(tlsd.stderr), 8 << 20);
});

/** Waits until `progress` stands still for a while; memory must stay in bounds all the time. */
const stalled = async (tlsd: Tlsd, idle: number, progress: () => number): Promise<void> => {
  const end = performance.now() + LONG;
  let last = -1;
  for (let still = 0; still < 10;) {
    assert.ok(performance.now() < end, 'the transfer never stalled');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const grown = tlsd.residentMemory() - idle;
    assert.ok(grown <= MAY_GROW, `resident memory grew by ${String(grown >> 10)} KiB`);
    const now = progress();
    still = now === last ? still + 1 : 0;
    last = now;
  }
};

/** Bytes a process has written so far (proc(5), /proc/pid/io). */
const written = (pid: number): number =>
  Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${String(pid)}/io`, 'latin1'))?.[1]);

function* zeros(length: number): Generator<Buffer> {
  const chunk = Buffer.alloc(1 << 18);
  for (let left = length; left > 0; left -= chunk.length) yield chunk;
}

/** Milliseconds for a gibibyte on a busy machine. */
const LONG = 60_000;

test.run();
