import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { once, type Live } from './support/live.ts';
import type { Peer } from './support/peer.ts';
import type { Resident } from './support/resident.ts';
import { traceDirectory } from './support/traced.ts';
import { poll } from './support/watch.ts';

// -c, -C and -b of s6-tlsserver.

const PROG = ['sh', '-c', 'echo "number $TCPCONNNUM"; exec cat'];

const served = async (live: Live, server: Resident, address = '127.0.0.1'): Promise<Peer> => {
  const peer = await live.join(server.from(address));
  await peer.receives('number');
  return peer;
};

/** Begins a handshake, and waits until the server knows of the connection, which may say nothing to it. */
const waiting = async (live: Live, server: Resident, address = '127.0.0.1'): Promise<Peer> => {
  const peer = await live.join(server.from(address), { handshake: false });
  await peer.connected();
  return peer;
};

const left = async (peer: Peer): Promise<void> => {
  peer.fin();
  await peer.ended();
};

for (const workers of ['-w0', '-w2']) {
  once(`${workers} -c: the next one waits, and is served when one is over`, async (live) => {
    const server = await live.resident({ options: [workers, '-v2', '-c', '2'], prog: PROG });
    const [first, second] = [await served(live, server), await served(live, server)];
    const third = await waiting(live, server);
    // Those that are served go on, and it is not.
    await first.send('x');
    await first.receives('x');
    assert.is(third.bytes, 0);
    assert.not.match(server.stderr, / 3: /);
    await left(second);
    await third.secured();
    await third.receives('number 2');
    await left(first);
    await left(third);
  });

  once(`${workers} -b: as many wait; one more is closed at once, and -v2 says why`, async (live) => {
    const server = await live.resident({ options: [workers, '-v2', '-c', '1', '-b', '2'], prog: PROG });
    const first = await served(live, server);
    const second = await waiting(live, server);
    const third = await waiting(live, server);
    const fourth = await waiting(live, server);
    const port = fourth.localPort;
    assert.match(await fourth.ended(), /^(fin|reset)$/);
    assert.is(fourth.bytes, 0);
    await server.says(
      new RegExp(
        `^s6-tlsserver: info: connection from 127\\.0\\.0\\.1:${port} refused: 1 are served and 2 wait already$`,
        'm',
      ),
    );
    await left(first);
    await second.secured();
    await left(second);
    await third.secured();
    await left(third);
    await left(await served(live, server));
  });

  once(`${workers} -C: one too many of one address is closed at once, others are served`, async (live) => {
    const server = await live.resident({ options: [workers, '-v2', '-C', '2'], prog: PROG });
    const [first, second] = [await served(live, server), await served(live, server)];
    const third = await waiting(live, server);
    const port = third.localPort;
    assert.match(await third.ended(), /^(fin|reset)$/);
    await server.says(
      new RegExp(
        `^s6-tlsserver: info: connection from 127\\.0\\.0\\.1:${port} refused: its client has 2 already$`,
        'm',
      ),
    );
    await left(await served(live, server, '127.0.0.2'));
    await left(first);
    // A worker tells of its end only after the peer has seen it.
    await poll('a place to be free again', async () => {
      const peer = await live.join(server.from('127.0.0.1'), { handshake: false });
      await peer.until('an answer, or the end', () => peer.bytes > 0 || peer.transportEnding !== undefined);
      if (peer.bytes === 0) return false;
      await peer.receives('number 2');
      await left(peer);
      return true;
    });
    await left(second);
  });
}

once('-C counts those that wait, too', async (live) => {
  const server = await live.resident({ options: ['-v2', '-c', '1', '-C', '2'], prog: PROG });
  const first = await served(live, server);
  const second = await waiting(live, server);
  const third = await waiting(live, server);
  await third.ended();
  const other = await waiting(live, server, '127.0.0.2');
  await left(first);
  await second.receives('number');
  await left(second);
  await other.receives('number 1');
  await left(other);
});

once('-C on a Unix socket counts the connections of a user', async (live) => {
  const path = join(traceDirectory(), 'socket');
  const prog = ['sh', '-c', 'echo "number $IPCCONNNUM"; exec cat'];
  const server = await live.resident({ where: [path], options: ['-v2', '-C', '1'], prog });
  const first = await live.join({ path });
  await first.receives('number 1');
  const second = await live.join({ path }, { handshake: false });
  await second.ended();
  const uid = String(process.geteuid?.());
  await server.says(
    new RegExp(`^s6-tlsserver: info: connection from uid ${uid} refused: its client has 1 already$`, 'm'),
  );
  await left(first);
});

once('a client that was refused is not told of at -v1', async (live) => {
  const server = await live.resident({ options: ['-C', '1'], prog: PROG });
  const first = await served(live, server);
  const second = await waiting(live, server);
  await second.ended();
  await left(first);
  await server.stop();
  assert.is(server.stderr, '');
});

once('40 are served at once without -c, and the 41st waits', async (live) => {
  const server = await live.resident({ prog: PROG });
  const peers: Peer[] = [];
  for (let number = 1; number <= 40; number++) peers.push(await served(live, server));
  const next = await waiting(live, server);
  await peers[0]?.send('x');
  await peers[0]?.receives('x');
  assert.is(next.bytes, 0);
  for (const peer of peers) await left(peer);
  await next.receives('number');
  await left(next);
});

test.run();
