import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eachProtocol } from './support/live.ts';
import type { Peer } from './support/peer.ts';
import { oneByOne } from './support/senders.ts';

// Whole sessions, from the ClientHello to close_notify, that come one byte a segment.

const OURS = { '-s': 'fin', '-S': 'close_notify, fin', '-N': 'close_notify, fin' } as const;

/** Answers before it has seen EOF, because TLS 1.2 answers close_notify at once. */
const PROG = ['sh', '-c', 'read -r line; echo "got $line"; read -r line; echo "got $line"; wc -c >&2; exit 4'];

const session = async (peer: Peer, ours: string): Promise<void> => {
  peer.sendBy(oneByOne);
  peer.startTls();
  await peer.secured();
  for (const word of ['first', 'second']) {
    await peer.send(`${word}\n`);
    await peer.receives(`got ${word}\n`);
  }
  await peer.send('the rest');
  await peer.closeNotify();
  peer.fin();
  assert.is(await peer.ended(), ours);
  assert.is(peer.text, 'got first\ngot second\n');
};

for (const [policy, ours] of Object.entries(OURS)) {
  eachProtocol(`s6-tlsd ${policy}: a whole session of segments of one byte`, async (live) => {
    const { peer, tlsd } = await live.meet({ options: [policy, '-J'], prog: PROG, handshake: 'none' });
    await session(peer, ours);
    assert.is(await tlsd.exit(), 4);
    assert.is(tlsd.stderr, '8\n');
  });

  eachProtocol(`s6-tlsserver ${policy}: ten whole sessions of segments of one byte at once`, async (live) => {
    const server = await live.resident({ options: [policy, '-J', '-v2'], prog: PROG });
    const numbers = Array.from({ length: 10 }, (_, index) => index + 1);
    const peers = await Promise.all(numbers.map(() => live.join(server.port, { handshake: 'none' })));
    await Promise.all(peers.map((peer) => session(peer, ours)));
    const bytes = 'first\nsecond\nthe rest'.length;
    for (const number of numbers) {
      assert.match(await server.verdict(number), new RegExp(`; in ${bytes} out 21; \\d+ ms; prog exited 4$`));
    }
    assert.is(server.stderr.match(/^8$/gm)?.length, numbers.length);
  });
}

test.run();
