import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eachProtocol } from './support/live.ts';

// fd 0 and fd 1 are different sockets, of which only one ends. launchers.test.ts has connections that end as a whole.

const ECHO = ['sh', '-c', 'head -n1; cat >&2; echo over >&2; exit 4'];

for (const policy of ['-s', '-S', '-N']) {
  eachProtocol(`${policy}: fd 0 is reset, fd 1 is not: both directions end, 111`, async (live) => {
    const { peer, tlsd } = await live.meet({ options: [policy, '-v2'], prog: ['cat'], wiring: 'two sockets' });
    await peer.send('hello\n');
    await peer.receives('hello\n');
    peer.reset('sending');
    assert.match(await peer.ended(), /^(fin|reset)$/);
    assert.is(await tlsd.exit(), 111);
    assert.match(tlsd.stderr, /closed: peer first by reset, prog still writing; sent nothing; in 6 out 6;/);
  });

  eachProtocol(`${policy}: fd 1 is reset, fd 0 is not: what prog says then cannot be sent, 111`, async (live) => {
    const { peer, tlsd } = await live.meet({
      options: [policy, '-v2'],
      prog: ['sh', '-c', 'head -n1; read -r line; yes; kill -l $? >&2'],
      wiring: 'two sockets',
    });
    await peer.send('hello\n');
    await peer.receives('hello\n');
    await tlsd.whileFrozen(async () => {
      peer.reset('receiving');
      await peer.send('go on\n');
    });
    assert.is(await tlsd.exit(), 111);
    assert.match(tlsd.stderr, /^PIPE$/m);
    assert.match(tlsd.stderr, /closed: .*; sent nothing; in 12 out \d+;/);
  });

  eachProtocol(`${policy}: fd 1 is reset before our own ending: that cannot be sent, 111`, async (live) => {
    const { peer, tlsd } = await live.meet({ options: [policy, '-v2'], prog: ECHO, wiring: 'two sockets' });
    await peer.send('hello\n');
    await peer.receives('hello\n');
    await tlsd.whileFrozen(async () => {
      peer.reset('receiving');
      await peer.send('rest\n');
      peer.fin();
    });
    assert.is(await tlsd.exit(), 111);
    assert.match(tlsd.stderr, /^rest$/m);
    assert.match(tlsd.stderr, /closed: peer first by \w+, prog by eof; sent nothing; in 11 out 6;/);
  });

  eachProtocol(`${policy}: FIN on the one, and the answer on the other`, async (live) => {
    const { peer, tlsd } = await live.meet({ options: [policy, '-v2'], prog: ['cat'], wiring: 'two sockets' });
    const ours = policy === '-s' ? 'fin' : 'close_notify, fin';
    await peer.send('hello\n');
    peer.fin();
    assert.is(await peer.ended(), ours);
    assert.is(peer.text, 'hello\n');
    assert.is(await tlsd.exit(), 0, tlsd.stderr);
  });
}

test.run();
