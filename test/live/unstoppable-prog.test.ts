import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { childrenOf } from './support/family.ts';
import { eachProtocol, once } from './support/live.ts';
import { processorTime } from './support/processor-time.ts';
import { poll } from './support/watch.ts';

// A prog that ignores SIGPIPE and writes for ever, whether or not anybody hears it.

/** Says that its writes fail, once, and goes on. */
const UNSTOPPABLE = [
  'perl',
  '-e',
  '$SIG{PIPE} = "IGNORE"; $| = 1; while (1) { next if syswrite STDOUT, "x" x 65536; warn "unheard\n" unless $said++; select undef, undef, undef, 0.001 }',
];

/** Milliseconds of processor time over the next `milliseconds`; the wait is what is measured. */
const busyFor = async (pid: number, milliseconds: number): Promise<number> => {
  const before = processorTime(pid);
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return processorTime(pid) - before;
};

for (const [title, end] of [
  ['a reset', 'reset'],
  ['a fatal alert', 'alert'],
] as const) {
  eachProtocol(`s6-tlsd: after ${title} it is waited for, at rest, until a signal ends it`, async (live) => {
    const { peer, tlsd } = await live.meet({ options: ['-v2'], prog: UNSTOPPABLE, discard: true });
    await peer.until('a megabyte', () => peer.received > 1_000_000);
    if (end === 'reset') peer.reset();
    else {
      await peer.fatalAlert();
      await peer.ended();
      peer.fin();
    }
    await tlsd.says(/^unheard$/m);
    const memory = tlsd.residentMemory();
    const busy = await busyFor(tlsd.pid, 500);
    assert.ok(busy <= 50, `${busy} ms of processor time`);
    assert.ok(tlsd.residentMemory() <= memory + (1 << 22), 'memory grows');
    assert.not(tlsd.hasExited);
    tlsd.signal('SIGTERM');
    assert.is(await tlsd.exit(), end === 'reset' ? 111 : 98);
    assert.match(tlsd.stderr, /closed: .*; sent nothing; .* prog was killed by signal 15\n$/);
  });
}

once('s6-tlsd: while the peer does not read it is stopped, and takes neither time nor memory', async (live) => {
  const { peer, tlsd } = await live.meet({ options: ['-v2'], prog: UNSTOPPABLE, discard: true });
  await peer.until('a megabyte', () => peer.received > 1_000_000);
  peer.stopReading();
  await poll('silence', async () => (await busyFor(tlsd.pid, 200)) === 0);
  const memory = tlsd.residentMemory();
  const busy = await busyFor(tlsd.pid, 500);
  assert.ok(busy <= 20, `${busy} ms of processor time`);
  assert.ok(tlsd.residentMemory() <= memory + (1 << 22), 'memory grows');
  tlsd.signal('SIGTERM');
  peer.resumeReading();
  await peer.ended();
  peer.fin();
  assert.is(await tlsd.exit(), 143);
});

eachProtocol(
  's6-tlsd, TLS 1.2: after close_notify what it still writes is read for 30 s, not for ever',
  async (live) => {
    if (live.protocol !== 'TLSv1.2') return;
    const { peer, tlsd } = await live.meet({ options: ['-S', '-v2'], prog: UNSTOPPABLE, discard: true });
    await peer.until('a megabyte', () => peer.received > 1_000_000);
    await peer.closeNotify();
    assert.is(await peer.ended(), 'close_notify, fin');
    peer.fin();
    const from = performance.now();
    await tlsd.says(/^unheard$/m, 40_000);
    const waited = performance.now() - from;
    assert.ok(waited > 28_000 && waited < 34_000, `${waited} ms`);
    tlsd.signal('SIGTERM');
    assert.is(await tlsd.exit(), 143);
  },
);

eachProtocol('s6-tlsserver: after a reset nobody else is disturbed', async (live) => {
  const choice = 'read -r what; test "$what" = echo && exec cat; shift; exec "$@"';
  const server = await live.resident({ options: ['-v2'], prog: ['sh', '-c', choice, 'sh', '', ...UNSTOPPABLE] });
  for (let number = 1; number <= 5; number++) {
    const peer = await live.join(server.port, { discard: true });
    await peer.send('write\n');
    await peer.until('a megabyte', () => peer.received > 1_000_000);
    peer.reset();
  }
  await poll('all of them to be unheard', () => server.stderr.match(/^unheard$/gm)?.length === 5);
  const busy = await busyFor(server.pid, 500);
  assert.ok(busy <= 50, `${busy} ms of processor time`);
  const peer = await live.join(server.port);
  await peer.send('echo\nhello\n');
  await peer.receives('hello\n');
  await peer.closeNotify();
  peer.fin();
  await peer.ended();
  await server.verdict(6);
  const progs = childrenOf(server.pid);
  assert.is(progs.length, 5);
  for (const prog of progs) process.kill(prog, 'SIGTERM');
  for (const number of [1, 2, 3, 4, 5])
    assert.match(await server.verdict(number), /^peer first by reset, .*; prog was killed by signal 15$/);
});

test.run();
