import { chmodSync, chownSync, copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { certificates } from '../fixtures/certificates.ts';
import { installed, skip } from '../support/live-skips.ts';
import { childrenOf, workersOf } from './support/family.ts';
import { once, type Live } from './support/live.ts';
import type { Peer } from './support/peer.ts';
import type { Resident } from './support/resident.ts';
import { traceDirectory } from './support/traced.ts';
import { poll } from './support/watch.ts';

// Descriptors and processes run out: whoever comes then is told, s6-tlsserver lives, and serves again when there is room.

/** A connection that is served, or one that has ended without a byte of prog's. */
const tryOut = async (live: Live, server: Resident): Promise<{ peer: Peer; isServed: boolean }> => {
  const peer = await live.join(server.port, { handshake: false });
  await peer.until('an answer or the end', () => peer.received > 0 || peer.transportEnding !== undefined);
  return { peer, isServed: peer.received > 0 };
};

/** Connects until somebody is not served; gives those that are. At most `most`. */
const fill = async (live: Live, server: Resident, most = 60): Promise<Peer[]> => {
  const served: Peer[] = [];
  for (let each = 0; each < most; each++) {
    const { peer, isServed } = await tryOut(live, server);
    if (!isServed) {
      peer.destroy();
      return served;
    }
    served.push(peer);
  }
  throw new Error(`${most} were served`);
};

const echoes = async (peer: Peer): Promise<void> => {
  await peer.send('still here\n');
  await peer.receives('still here\n');
};

const leave = async (peer: Peer): Promise<void> => {
  peer.fin();
  await peer.ended();
};

const servedAgain = (live: Live, server: Resident): Promise<void> =>
  poll('somebody to be served again', async () => {
    const { peer, isServed } = await tryOut(live, server);
    peer.destroy();
    return isServed;
  });

/** Of the server and its workers. */
const descriptors = ({ pid }: Resident): number =>
  [pid, ...workersOf(pid)].reduce((sum, each) => sum + readdirSync(`/proc/${each}/fd`).length, 0);

/** How many children it and its workers have, besides those workers. */
const progs = ({ pid }: Resident): number =>
  [pid, ...workersOf(pid)].flatMap(childrenOf).length - workersOf(pid).length;

/** Fills it twice, with room in between. */
const survives = async (live: Live, server: Resident, message: RegExp): Promise<void> => {
  // What is loaded with the first connection stays.
  await leave((await tryOut(live, server)).peer);
  await server.verdict(1);
  await poll('no prog to be left', () => progs(server) === 0);
  const idle = descriptors(server);
  for (const round of [1, 2]) {
    const served = await fill(live, server);
    assert.ok(served.length > 1, `round ${round}: ${served.length} were served`);
    await server.says(message);
    for (const peer of served) await echoes(peer);
    const [first, ...others] = served;
    if (first !== undefined) await leave(first);
    await servedAgain(live, server);
    for (const peer of others) await echoes(peer);
    for (const peer of others) await leave(peer);
  }
  await poll(
    'the descriptors to be closed',
    () => {
      console.log(idle, descriptors(server));
      return descriptors(server) === idle;
    },
    500,
  );
  // Nothing but our own lines: no stack, no warning of Node's.
  for (const line of server.stderr.split('\n').slice(0, -1)) assert.match(line, /^s6-tlsserver: (info|warning): /);
};

const PROG = ['sh', '-c', 'echo ready; exec cat'];

if (installed('prlimit', 'descriptors that run out')) {
  once('-w0: descriptors', async (live) => {
    const under = ['prlimit', '--nofile=70:70', '--'];
    const server = await live.resident({ options: ['-v2', '-c', '1000'], under, prog: PROG });
    await survives(live, server, WITHIN);
  });

  once('-w2: descriptors of the workers', async (live) => {
    const server = await live.resident({ options: ['-w2', '-v2', '-c', '1000'], prog: PROG });
    for (const worker of workersOf(server.pid))
      await live.run(['prlimit', '--pid', String(worker), '--nofile=50:50']).exit();
    await survives(live, server, /too many open files|\(ulimit -n\)/);
  });

  once('-w2: descriptors of all', async (live) => {
    const under = ['prlimit', '--nofile=70:70', '--'];
    const server = await live.resident({ options: ['-w2', '-v2', '-c', '1000'], under, prog: PROG });
    await survives(live, server, /too many open files|\(ulimit -n\)/);
  });
}

const WITHIN =
  /^s6-tlsserver: warning: unable to serve a connection: descriptor \d+ is within 16 of the limit, 70 \(ulimit -n\)$/m;

/** A user of this test alone: the kernel counts processes by user. */
const USER = 61_000 + (process.pid % 1000);

const ownKeys = (): Record<string, string> => {
  const directory = traceDirectory();
  const { server, chainFile } = certificates();
  const copy = (source: string, name: string): string => {
    const path = join(directory, name);
    copyFileSync(source, path);
    chmodSync(path, 0o600);
    chownSync(path, USER, USER);
    return path;
  };
  chownSync(directory, USER, USER);
  return { KEYFILE: copy(server.keyFile, 'key.pem'), CERTFILE: copy(chainFile, 'cert.pem') };
};

const asRoot = process.getuid?.() === 0;
if (!asRoot) skip('processes that run out: this needs root');

if (asRoot && installed('prlimit', 'processes that run out') && installed('setpriv', 'processes that run out')) {
  for (const [workers, processes] of [
    ['-w0', 20],
    ['-w2', 50],
  ] as const)
    once(`${workers}: processes`, async (live) => {
      const as = ['setpriv', '--reuid', String(USER), '--regid', String(USER), '--clear-groups', '--'];
      const server = await live.resident({
        options: [workers, '-v2', '-c', '1000'],
        ...{ env: ownKeys(), under: ['prlimit', `--nproc=${processes}:${processes}`, ...as], prog: PROG },
      });
      await survives(live, server, /^s6-tlsserver: warning: \d+: unable to run sh: resource temporarily unavailable$/m);
      assert.match(server.stderr, /: closed: .*; prog exited 111$/m);
    });
}

test.run();
