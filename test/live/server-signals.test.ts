import { existsSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { once as event } from 'node:events';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eachProtocol, once, type Live } from './support/live.ts';
import type { Peer } from './support/peer.ts';
import type { Resident } from './support/resident.ts';
import { traceDirectory } from './support/traced.ts';
import { poll, within } from './support/watch.ts';

// How s6-tlsserver ends.

const directory = traceDirectory();
let sockets = 0;

const greeted = async (live: Live, server: Resident): Promise<Peer> => {
  const peer = await live.join(server.port);
  await peer.receives('ready\n');
  return peer;
};

/** Says that it is there, and then what it is told. */
const ECHO = ['sh', '-c', 'echo ready; exec cat'];
/** Says on fd 2, which lasts longer, that it gets SIGTERM. */
const TOLD = ['sh', '-c', 'trap "echo told >&2; exit 3" TERM; echo ready; while :; do sleep 0.02; done'];

/** Nobody listens any more, and the kernel says so. */
const refused = (port: number): Promise<void> =>
  poll('the kernel to refuse connections', async () => {
    const socket = connect({ port, host: '127.0.0.1' });
    const outcome = await within('an answer', Promise.race([event(socket, 'connect'), refusal(socket)]));
    socket.destroy();
    return outcome === 'ECONNREFUSED';
  });

const refusal = (socket: Socket): Promise<string | undefined> =>
  new Promise((resolve) => socket.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code)));

for (const workers of ['-w0', '-w2']) {
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    eachProtocol(`${workers} ${signal}: no new connections, and the open ones have time to finish`, async (live) => {
      const server = await live.resident({ options: [workers, '-v2', '-S', '-c', '2'], prog: ECHO });
      const [first, second] = [await greeted(live, server), await greeted(live, server)];
      const waits = await live.join(server.port, { handshake: false });
      await waits.connected();
      server.signal(signal);
      // It has no place, and will get none.
      assert.match(await waits.ended(), /^(fin|reset)$/);
      await refused(server.port);
      for (const peer of [first, second]) {
        await peer.send('still here\n');
        await peer.receives('still here\n');
      }
      first.fin();
      assert.is(await first.ended(), 'close_notify, fin');
      await second.send('and here\n');
      await second.receives('and here\n');
      assert.not(server.hasExited);
      second.fin();
      assert.is(await second.ended(), 'close_notify, fin');
      assert.is(await server.exit(), 0);
      assert.match(server.stderr, /^s6-tlsserver: info: 1: closed: peer first by fin, .*; prog exited 0$/m);
      assert.match(server.stderr, /^s6-tlsserver: info: 2: closed: peer first by fin, .*; prog exited 0$/m);
    });

  for (const signals of [['SIGQUIT'], ['SIGTERM', 'SIGTERM'], ['SIGINT', 'SIGTERM'], ['SIGTERM', 'SIGQUIT']] as const)
    once(`${workers} ${signals.join(', ')}: ends it now, and progs get SIGTERM`, async (live) => {
      const path = join(directory, `${(sockets += 1)}.socket`);
      const server = await live.resident({ options: [workers, '-v2'], where: [path], prog: TOLD });
      const peers = [await live.join({ path }), await live.join({ path })];
      for (const peer of peers) await peer.receives('ready\n');
      for (const [index, signal] of signals.entries()) {
        if (index > 0) await stopped(path);
        server.signal(signal);
      }
      assert.is(await server.exitAlone(), 0);
      assert.not(existsSync(path));
      for (const peer of peers) await peer.ended();
      await server.says(/told\n(.*\n)*told\n/);
      await server.exit();
    });
}

/** Nobody listens there any more. */
const stopped = async (path: string): Promise<void> => {
  await poll('the socket to be gone', () => !existsSync(path));
};

once('SIGTERM with nobody there ends it', async (live) => {
  const server = await live.resident({ options: ['-v2'], prog: ECHO });
  server.signal('SIGTERM');
  assert.is(await server.exit(), 0);
  assert.match(server.stderr, /^s6-tlsserver: info: listening on \d+\n$/);
});

once('SIGTERM while a handshake stalls: -K bounds it', async (live) => {
  const server = await live.resident({ options: ['-v2', '-K', '300'], prog: ECHO });
  const silent = await live.join(server.port, { handshake: 'none' });
  await server.says(/ 1: from /);
  server.signal('SIGTERM');
  await silent.ended();
  assert.is(await server.exit(), 0);
});

once('SIGTERM: a prog that goes on after its connection is waited for', async (live) => {
  const flag = join(directory, 'flag');
  const prog = ['sh', '-c', 'exec <&- >&-; while ! test -e "$0"; do sleep 0.02; done; echo done >&2', flag];
  const server = await live.resident({ options: ['-v2', '-S'], prog });
  const peer = await live.join(server.port);
  assert.is(await peer.ended(), 'close_notify, fin');
  peer.fin();
  server.signal('SIGTERM');
  await refused(server.port);
  assert.not(server.hasExited);
  writeFileSync(flag, '');
  assert.is(await server.exit(), 0);
  assert.match(server.stderr, /^done$/m);
});

test.run();
