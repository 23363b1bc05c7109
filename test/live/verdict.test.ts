import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eachProtocol } from './support/live.ts';

// Spec sections 2 (-v) and 6.

const PROG = ['sh', '-c', 'read -r line; echo "got $line"; cat >/dev/null'];

eachProtocol('-v2: one line at the start, one verdict at the end', async (live) => {
  const { peer, tlsd } = await live.meet({ options: ['-S', '-v', '2'], prog: PROG });
  await peer.send('hello\n');
  await peer.receives('got hello\n');
  await peer.closeNotify();
  peer.fin();
  await peer.ended();
  assert.is(await tlsd.exit(), 0);
  const lines = tlsd.stderr.trimEnd().split('\n');
  assert.is(lines.length, 2, tlsd.stderr);
  for (const line of lines) assert.match(line, /^s6-tlsd: info: /);
  assert.match(
    lines[1] ?? '',
    /^s6-tlsd: info: closed: peer first by close_notify, .*; sent close_notify; in 6 out 10; \d+ ms; prog exited 0$/,
  );
});

eachProtocol('-v2: the verdict names the first to end', async (live) => {
  const { peer, tlsd } = await live.meet({ options: ['-s', '-v2'], prog: ['sh', '-c', 'echo hello; exit 7'] });
  await peer.ended();
  peer.fin();
  assert.is(await tlsd.exit(), 7);
  assert.match(tlsd.stderr, /closed: prog first by eof, peer by fin; sent fin; in 0 out 6; \d+ ms; prog exited 7\n$/);
});

eachProtocol('-v1 says nothing of a good end, and one line of a bad one; -v0 says nothing at all', async (live) => {
  for (const [options, lines] of [
    [['-v1'], /^s6-tlsd: fatal: [^\n]+\n$/],
    [[], /^s6-tlsd: fatal: [^\n]+\n$/],
    [['-v0'], /^$/],
  ] as const) {
    const good = await live.meet({ options: [...options], prog: ['true'] });
    good.peer.fin();
    assert.is(await good.tlsd.exit(), 0);
    assert.is(good.tlsd.stderr, '');
    const bad = await live.meet({ options: [...options], prog: ['cat'] });
    await bad.peer.finInsideRecord('hello', 3);
    await bad.peer.ended();
    assert.is(await bad.tlsd.exit(), 98);
    assert.match(bad.tlsd.stderr, lines);
  }
});

eachProtocol('-v3 tells every event, and changes nothing else', async (live) => {
  const { peer, tlsd } = await live.meet({ options: ['-S', '-v3'], prog: PROG });
  await peer.send('hello\n');
  await peer.closeNotify();
  peer.fin();
  await peer.ended();
  assert.is(await tlsd.exit(), 0);
  assert.ok(tlsd.stderr.split('\n').length > 5);
  for (const line of tlsd.stderr.trimEnd().split('\n')) assert.match(line, /^s6-tlsd: info: /);
});

test.run();
