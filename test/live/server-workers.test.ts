import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { childrenOf, isAlive, workersOf } from './support/family.ts';
import { eachProtocol, once, type Live } from './support/live.ts';
import type { Peer } from './support/peer.ts';
import type { Resident } from './support/resident.ts';
import { poll } from './support/watch.ts';

// -w of s6-tlsserver: processes that serve the connections which another one accepts.

/** Says whose child it is, and then what it is told. */
const PROG = ['sh', '-c', 'echo "child of $PPID"; cat; echo over >&2'];

/** A connection, and who serves it. */
interface Served {
  readonly peer: Peer;
  readonly worker: number;
}

const served = async (live: Live, server: Resident): Promise<Served> => {
  const peer = await live.join(server.port);
  await peer.receives('\n');
  return { peer, worker: Number(/^child of (\d+)$/m.exec(peer.text)?.[1]) };
};

const echoes = async (peer: Peer): Promise<void> => {
  const text = `${peer.received} and more\n`;
  await peer.send(text);
  await peer.receives(text);
};

const leave = async (peer: Peer): Promise<void> => {
  peer.fin();
  await peer.ended();
};

once('connections are shared out evenly, and the process that accepts has none', async (live) => {
  const server = await live.resident({ options: ['-w3'], prog: PROG });
  const workers = workersOf(server.pid);
  assert.is(workers.length, 3);
  const all: Served[] = [];
  for (let number = 0; number < 9; number++) all.push(await served(live, server));
  for (const worker of workers) assert.is(all.filter((each) => each.worker === worker).length, 3, String(worker));
  for (const { peer } of all) await echoes(peer);
  for (const { peer } of all) await leave(peer);
});

eachProtocol('a worker is killed: its connections end, others live, another takes its place', async (live) => {
  const server = await live.resident({ options: ['-w2', '-v2', '-c', '4'], prog: PROG });
  const all: Served[] = [];
  for (let number = 0; number < 4; number++) all.push(await served(live, server));
  const victim = all[0]?.worker ?? 0;
  const lost = all.filter(({ worker }) => worker === victim);
  const others = all.filter(({ worker }) => worker !== victim);
  process.kill(victim, 'SIGKILL');
  for (const { peer } of lost) await peer.ended();
  await server.says(
    /^s6-tlsserver: warning: a worker was killed by SIGKILL: 2 connections are lost, another takes its place$/m,
  );
  // Their progs have seen the end of their input, and their places are free.
  await server.says(/over\n(.*\n)*over\n/);
  for (const { peer } of others) await echoes(peer);
  const next = [await served(live, server), await served(live, server)];
  for (const { peer, worker } of next) {
    assert.is.not(worker, victim);
    await echoes(peer);
  }
  assert.is(workersOf(server.pid).length, 2);
  for (const { peer } of [...others, ...next]) await leave(peer);
  for (const number of [5, 6]) assert.match(await server.verdict(number), /prog exited 0$/);
});

once('all workers are killed, again and again: whoever comes then is served', async (live) => {
  const server = await live.resident({ options: ['-w2'], prog: PROG });
  for (let round = 0; round < 4; round++) {
    const workers = workersOf(server.pid);
    for (const worker of workers) process.kill(worker, 'SIGKILL');
    await poll('two others', () => {
      const now = workersOf(server.pid).filter(isAlive);
      return now.length === 2 && !now.some((worker) => workers.includes(worker));
    });
    // One for each, so that the next round finds both ready: a worker that never was ends the server.
    const all = [await served(live, server), await served(live, server)];
    for (const { peer } of all) await echoes(peer);
    for (const { peer } of all) await leave(peer);
  }
});

once('a connection that comes while its worker starts is served', async (live) => {
  const server = await live.resident({ options: ['-w1'], prog: PROG });
  for (const worker of workersOf(server.pid)) process.kill(worker, 'SIGKILL');
  await server.says(/another takes its place/);
  const { peer } = await served(live, server);
  await echoes(peer);
  await leave(peer);
});

once('connections that a worker was handed and has not taken are served by the one in its place', async (live) => {
  const server = await live.resident({ options: ['-w1'], prog: PROG });
  const [worker = 0] = workersOf(server.pid);
  process.kill(worker, 'SIGSTOP');
  const peers: Peer[] = [];
  for (let number = 0; number < 4; number++) {
    const peer = await live.join(server.port, { handshake: 'none' });
    peers.push(peer);
    await peer.connected();
  }
  process.kill(worker, 'SIGKILL');
  await server.says(/another takes its place/);
  for (const peer of peers) {
    peer.startTls();
    await peer.secured();
    await echoes(peer);
    await leave(peer);
  }
});

once('whoever waits for a place gets that of a connection that is lost with its worker', async (live) => {
  const server = await live.resident({ options: ['-w1', '-c1'], prog: PROG });
  const first = await served(live, server);
  const second = await live.join(server.port, { handshake: false });
  await second.connected();
  process.kill(first.worker, 'SIGKILL');
  await first.peer.ended();
  await second.secured();
  await echoes(second);
  await leave(second);
});

once('the process that accepts is killed: workers go, and progs get SIGTERM', async (live) => {
  const prog = ['sh', '-c', 'trap "echo told >&2; exit 3" TERM; echo ready; while :; do sleep 0.02; done'];
  const server = await live.resident({ options: ['-w2'], prog });
  const peers = [await served(live, server), await served(live, server)].map(({ peer }) => peer);
  const workers = childrenOf(server.pid);
  assert.is(workers.length, 2);
  server.signal('SIGKILL');
  assert.is(await server.exit(), 'SIGKILL');
  for (const peer of peers) await peer.ended();
  await poll('the workers to be gone', () => !workers.some(isAlive));
  assert.is(server.stderr, 'told\ntold\n');
});

once('signals that the whole process group gets are those of the process that accepts', async (live) => {
  const prog = ['sh', '-c', 'trap "" TERM HUP; echo ready; exec cat'];
  const server = await live.resident({ options: ['-w2', '-v2', '-S'], under: ['setsid'], prog });
  const peers = [await served(live, server), await served(live, server)].map(({ peer }) => peer);
  process.kill(-server.pid, 'SIGHUP');
  await server.says(/^s6-tlsserver: info: the keys were read again$/m);
  process.kill(-server.pid, 'SIGTERM');
  for (const peer of peers) {
    await echoes(peer);
    await peer.closeNotify();
    assert.is(await peer.ended(), 'close_notify, fin');
    peer.fin();
  }
  assert.is(await server.exit(), 0);
  assert.match(await server.verdict(1), /prog exited 0$/);
  assert.match(await server.verdict(2), /prog exited 0$/);
});

once('a worker that cannot begin ends the server, with a line', async (live) => {
  const server = await live.resident({ options: ['-w1'], prog: PROG });
  // Whoever takes its place is killed before it can say that it is ready.
  const [first] = workersOf(server.pid);
  process.kill(first ?? 0, 'SIGKILL');
  await poll('the next one', () => {
    const next = childrenOf(server.pid).find((pid) => pid !== first);
    if (next === undefined) return false;
    process.kill(next, 'SIGKILL');
    return true;
  });
  assert.is(await server.exit(), 111);
  assert.match(server.stderr, /^s6-tlsserver: fatal: unable to start a worker: it was killed by SIGKILL$/m);
});

test.run();
