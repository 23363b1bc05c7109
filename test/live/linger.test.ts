import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eachProtocol, once, type Meeting } from './support/live.ts';

// Spec section 5, Linger: after our own ending we wait for the peer's, but not for ever.

const POLICIES = ['-s', '-S', '-N'];

eachProtocol("lingering ends at the peer's FIN, not before", async (live) => {
  for (const policy of POLICIES) {
    const meeting = await live.meet({ options: [policy], prog: ['sh', '-c', 'echo hello; exit 4'] });
    await meeting.peer.ended();
    await staysFor(300, meeting);
    const from = performance.now();
    meeting.peer.fin();
    assert.is(await meeting.tlsd.exit(), 4, policy);
    assert.ok(performance.now() - from < 2000);
  }
});

eachProtocol("lingering waits for FIN also after the peer's close_notify", async (live) => {
  for (const policy of POLICIES) {
    const meeting = await live.meet({ options: [policy], prog: ['sh', '-c', 'echo hello; exit 4'] });
    await meeting.peer.ended();
    await meeting.peer.closeNotify();
    await staysFor(300, meeting);
    meeting.peer.fin();
    assert.is(await meeting.tlsd.exit(), 4, policy);
    assert.is(meeting.tlsd.stderr, '');
  }
});

once('lingering ends after 5 s without a byte, and after 30 s in all', async (live) => {
  const silent = POLICIES.map(async (policy) => {
    const { peer, tlsd } = await live.meet({ options: [policy], prog: ['sh', '-c', 'echo hello; exit 4'] });
    await peer.ended();
    const from = performance.now();
    assert.is(await tlsd.exit(), 4, policy);
    const waited = performance.now() - from;
    assert.ok(waited > 4500 && waited < 7000, `${policy}: ${String(waited)} ms`);
  });
  const talkative = POLICIES.map(async (policy) => {
    const { peer, tlsd } = await live.meet({ options: [policy], prog: ['sh', '-c', 'echo hello; exit 4'] });
    await peer.ended();
    const from = performance.now();
    for (let second = 0; second < 40 && !tlsd.hasExited; second++) {
      await peer.sendAll([Buffer.from('still here')], 5000);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    assert.is(await tlsd.exit(), 4, policy);
    const waited = performance.now() - from;
    assert.ok(waited > 28_000 && waited < 34_000, `${policy}: ${String(waited)} ms`);
  });
  await Promise.all([...silent, ...talkative]);
});

const staysFor = async (milliseconds: number, { tlsd }: Meeting): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  assert.not(tlsd.hasExited, 'it left before the peer');
};

test.run();
