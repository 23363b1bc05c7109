import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eachProtocol } from './support/live.ts';
import { STREAM_COMMAND, stream, streamDigest } from './support/stream.ts';

// Spec section 4.4: bytes flow both ways at once, in order, none lost, none invented.

const SIZE = 3_000_001;
const POLICIES = ['-s', '-S', '-N'];

for (const policy of POLICIES) {
  eachProtocol(`${policy}: a long answer of a prog that exits at once arrives whole`, async (live) => {
    const { peer, tlsd } = await live.meet({
      options: [policy],
      prog: ['sh', '-c', STREAM_COMMAND, 'sh', String(SIZE)],
      discard: true,
    });
    await peer.ended();
    assert.is(peer.received, SIZE);
    assert.is(peer.digest(), streamDigest(SIZE));
    peer.fin();
    assert.is(await tlsd.exit(), 0);
  });

  eachProtocol(`${policy}: a grandchild that holds stdout after prog's exit is heard to its end`, async (live) => {
    const { peer, tlsd } = await live.meet({
      options: [policy],
      prog: ['sh', '-c', '(sleep 0.3; echo grandchild) & echo prog; exit 9'],
    });
    await peer.ended();
    assert.is(peer.text, 'prog\ngrandchild\n');
    peer.fin();
    assert.is(await tlsd.exit(), 9);
  });

  eachProtocol(
    `${policy}: unread input does not turn our ending into a reset that destroys the answer`,
    async (live) => {
      const { peer, tlsd } = await live.meet({ options: [policy], prog: ['echo', 'the answer'] });
      // The peer sends much more than any buffer holds, and reads only afterwards.
      peer.stopReading();
      assert.ok(await peer.sendAll(stream(SIZE * 4), 10_000));
      peer.resumeReading();
      assert.match(await peer.ended(), /^(close_notify, )?fin$/);
      assert.is(peer.text, 'the answer\n');
      await peer.closeNotify();
      peer.fin();
      assert.is(await tlsd.exit(), 0);
      assert.is(tlsd.stderr, '');
    },
  );

  eachProtocol(`${policy}: an echo of everything, both directions at once, ends in order`, async (live) => {
    const { peer, tlsd } = await live.meet({ options: [policy], prog: ['cat'], discard: true });
    assert.ok(await peer.sendAll(stream(SIZE), 10_000));
    await peer.until('the whole echo', () => peer.received === SIZE);
    await peer.closeNotify();
    await peer.ended();
    assert.is(peer.digest(), streamDigest(SIZE));
    peer.fin();
    assert.is(await tlsd.exit(), 0);
  });
}

eachProtocol('the peer half-closes first, and then gets a long answer', async (live) => {
  for (const [policy, ending] of [
    ['-s', 'closeNotify'],
    ['-S', 'fin'],
    ['-N', 'fin'],
  ] as const) {
    const { peer, tlsd } = await live.meet({
      options: [policy],
      prog: ['sh', '-c', `cat >/dev/null; ${STREAM_COMMAND}`, 'sh', String(SIZE)],
      discard: true,
    });
    await peer.send('a question');
    if (ending === 'closeNotify') await peer.closeNotify();
    else peer.fin();
    await peer.ended();
    assert.is(peer.digest(), streamDigest(SIZE), policy);
    peer.fin();
    assert.is(await tlsd.exit(), 0);
  }
});

eachProtocol('a slow reader gets everything', async (live) => {
  const { peer, tlsd } = await live.meet({
    options: ['-S'],
    prog: ['sh', '-c', STREAM_COMMAND, 'sh', String(SIZE)],
    discard: true,
  });
  // Ten naps while the stream flows; nothing below waits for them.
  for (let nap = 0; nap < 10 && peer.transportEnding === undefined; nap++) {
    peer.stopReading();
    await new Promise((resolve) => setTimeout(resolve, 30));
    peer.resumeReading();
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.is(await peer.ended(), 'close_notify, fin');
  assert.is(peer.digest(), streamDigest(SIZE));
  peer.fin();
  assert.is(await tlsd.exit(), 0);
});

eachProtocol('records that arrive a byte at a time are whole again for prog', async (live) => {
  const { peer, tlsd } = await live.meet({ options: ['-S'], prog: ['cat'] });
  await peer.byteByByte(async () => {
    await peer.send('one,');
    await peer.send('two,');
    await peer.send('three');
  });
  await peer.receives('one,two,three');
  await peer.closeNotify();
  peer.fin();
  await peer.ended();
  assert.is(await tlsd.exit(), 0);
});

eachProtocol('many records in one segment keep their order', async (live) => {
  const { peer, tlsd } = await live.meet({ options: ['-s'], prog: ['cat'] });
  const words = Array.from({ length: 200 }, (_, index) => `${String(index)},`);
  await peer.together(async () => {
    for (const word of words) await peer.send(word);
    await peer.closeNotify();
  }, 'fin');
  await peer.ended();
  assert.is(peer.text, words.join(''));
  assert.is(await tlsd.exit(), 0);
});

eachProtocol('data sent together with the end of the handshake reaches prog', async (live) => {
  const { peer, tlsd } = await live.meet({ options: ['-s'], prog: ['cat'], handshake: 'begun' });
  // The client engine sends this with, or right behind, its Finished.
  const sent = peer.send('early bird');
  await peer.receives('early bird');
  await sent;
  await peer.closeNotify();
  peer.fin();
  assert.is(await peer.ended(), 'fin');
  assert.is(await tlsd.exit(), 0);
});

eachProtocol('Finished, data, close_notify and FIN that are read at once lose nothing', async (live) => {
  const { peer, tlsd } = await live.meet({
    options: ['-s'],
    prog: ['sh', '-c', 'n=$(wc -c); echo "read $n"'],
    handshake: 'begun',
  });
  await peer.secured();
  await tlsd.whileFrozen(() =>
    peer.together(async () => {
      await peer.send('12345');
      await peer.closeNotify();
    }, 'fin'),
  );
  await peer.ended();
  assert.is(peer.text, 'read 5\n');
  assert.is(await tlsd.exit(), 0);
});

eachProtocol('prog that closes its stdin early hears nothing more, and its output is unaffected', async (live) => {
  for (const policy of POLICIES) {
    const { peer, tlsd } = await live.meet({
      options: [policy, '-J'],
      prog: ['sh', '-c', 'exec <&-; echo deaf >&2; sleep 0.3; echo still here'],
    });
    await tlsd.says(/deaf/);
    assert.ok(await peer.sendAll(stream(SIZE), 10_000));
    await peer.receives('still here\n');
    await peer.closeNotify();
    peer.fin();
    await peer.ended();
    assert.is(await tlsd.exit(), 0, policy);
  }
});

eachProtocol("prog that closes its stdin early: the peer's cut record is still seen, 98", async (live) => {
  const { peer, tlsd } = await live.meet({
    prog: ['sh', '-c', 'exec <&-; echo deaf >&2; sleep 0.3; echo still here'],
  });
  await tlsd.says(/deaf/);
  await peer.send('unheard');
  await peer.finInsideRecord('cut', 2);
  await peer.ended();
  assert.is(peer.text, 'still here\n');
  assert.is(await tlsd.exit(), 98);
});

test.run();
