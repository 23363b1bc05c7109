import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eachProtocol } from './support/live.ts';

// Spec section 5, first table: prog's end, as the peer sees it.

const ENDINGS = { '-s': 'fin', '-S': 'close_notify, fin', '-N': 'close_notify, fin' } as const;

for (const [policy, ending] of Object.entries(ENDINGS)) {
  eachProtocol(`${policy}: when prog exits, the peer sees ${ending} after the last byte`, async (live) => {
    const { peer, tlsd } = await live.meet({ options: [policy], prog: ['echo', 'hello'] });
    assert.is(await peer.ended(), ending);
    assert.is(peer.text, 'hello\n');
    assert.is(peer.bytesAfterCloseNotify, 0);
    peer.fin();
    assert.is(await tlsd.exit(), 0);
    assert.is(tlsd.stderr, '');
  });

  eachProtocol(`${policy}: when prog only closes its stdout, the peer sees ${ending}`, async (live) => {
    const { peer, tlsd } = await live.meet({
      options: [policy],
      prog: ['sh', '-c', 'echo hello; exec >&-; cat >/dev/null; echo done >&2; exit 7'],
    });
    assert.is(await peer.ended(), ending);
    assert.is(peer.text, 'hello\n');
    await peer.closeNotify();
    peer.fin();
    assert.is(await tlsd.exit(), 7);
    assert.is(tlsd.stderr, 'done\n');
  });

  eachProtocol(`${policy}: prog that says nothing at all still gets ${ending}`, async (live) => {
    const { peer, tlsd } = await live.meet({ options: [policy], prog: ['true'] });
    assert.is(await peer.ended(), ending);
    assert.is(peer.received, 0);
    peer.fin();
    assert.is(await tlsd.exit(), 0);
  });
}

eachProtocol('-s is the default', async (live) => {
  const { peer, tlsd } = await live.meet({ prog: ['echo', 'hello'] });
  assert.is(await peer.ended(), 'fin');
  peer.fin();
  assert.is(await tlsd.exit(), 0);
});

for (const policy of ['-s', '-N']) {
  eachProtocol(`${policy}: prog goes on reading after its own EOF was passed to the peer`, async (live) => {
    // RFC 5246 §7.2.1 has no half-closed connection: there -N is -S, see below.
    if (policy === '-N' && live.protocol === 'TLSv1.2') return;
    const { peer, tlsd } = await live.meet({
      options: [policy],
      prog: ['sh', '-c', 'echo question; exec >&-; read -r answer; echo "got $answer" >&2; cat >&2'],
    });
    await peer.ended();
    await peer.send('forty-two\n');
    await tlsd.says(/got forty-two\n/);
    await peer.send('and more\n');
    await tlsd.says(/and more\n/);
    await peer.closeNotify();
    peer.fin();
    assert.is(await tlsd.exit(), 0);
  });
}

eachProtocol(
  "-S: prog's stdin is closed once close_notify is sent, and what still comes is thrown away",
  async (live) => {
    for (const policy of live.protocol === 'TLSv1.2' ? ['-S', '-N'] : ['-S']) {
      const { peer, tlsd } = await live.meet({
        options: [policy],
        prog: ['sh', '-c', 'echo question; exec >&-; wc -c >&2'],
      });
      await peer.ended();
      // EOF on prog's stdin does not wait for the peer.
      await tlsd.says(/^0\n/);
      await peer.sendAll([Buffer.from('ignored')], 5000);
      await peer.closeNotify();
      peer.fin();
      assert.is(await tlsd.exit(), 0, policy);
      assert.is(tlsd.stderr, '0\n');
    }
  },
);

eachProtocol('a reset after our own ending is no error', async (live) => {
  for (const policy of ['-s', '-S', '-N']) {
    const { peer, tlsd } = await live.meet({ options: [policy], prog: ['sh', '-c', 'echo hello; exit 5'] });
    await peer.ended();
    peer.reset();
    assert.is(await tlsd.exit(), 5, policy);
    assert.is(tlsd.stderr, '', policy);
  }
});

test.run();
