import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { installed, skip } from '../support/live-skips.ts';
import { childrenOf, keepersOf, workersOf } from './support/family.ts';
import { once, type Live } from './support/live.ts';
import { NOBODY, SOMEBODY } from './support/nobody.ts';
import type { Peer } from './support/peer.ts';
import type { Resident } from './support/resident.ts';
import { field } from './support/tlsd.ts';
import { traceDirectory } from './support/traced.ts';
import { within } from './support/watch.ts';

// Who is who in s6-tlsserver that was started as root.

/** Root with supplementary groups, which only those may have who did not become somebody else. */
const UNDER = ['setpriv', '--groups', '1,2,3', '--'];
const ROOT = { uid: 0, gid: 0, groups: '1 2 3' };

const TLS = { TLS_UID: String(SOMEBODY.uid), TLS_GID: String(SOMEBODY.gid) };
const U_G = ['-u', String(NOBODY.uid), '-g', String(NOBODY.gid)];
const nobody = { ...NOBODY, groups: '' };
const nobodyOfRoots = { ...nobody, gid: 0 };
const somebody = { ...SOMEBODY, groups: '' };

type Who = typeof ROOT;

/** Says whose child it is and who it is, and then what it is told. */
const PROG = ['sh', '-c', 'grep -E "^(PPid|Uid|Gid|Groups|Cap(Eff|Prm)):" /proc/$$/status; echo told; exec cat'];

/** Who a process is, in each of the four ways of being a user. */
const assertIs = (status: (name: string) => string, { uid, gid, groups }: Who): void => {
  assert.is(status('Uid'), four(uid));
  assert.is(status('Gid'), four(gid));
  assert.is(status('Groups').trim(), groups);
  for (const set of ['CapEff', 'CapPrm']) assert.is(/^0+$/.test(status(set)), uid !== 0, `${set} ${status(set)}`);
};

const four = (id: number): string => Array<number>(4).fill(id).join('\t');

/** All threads of it: libuv's have a user each, to the kernel. */
const assertProcessIs = (pid: number, who: Who): void => {
  for (const thread of readdirSync(`/proc/${pid}/task`).map(Number)) assertIs((name) => field(thread, name), who);
};

const said = (peer: Peer, name: string): string =>
  new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(peer.text)?.[1] ?? 'not said';

const greeted = async (live: Live, server: Resident): Promise<Peer> => {
  const peer = await live.join(server.port);
  await peer.receives('told\n');
  return peer;
};

const leave = async (peer: Peer): Promise<void> => {
  peer.fin();
  await peer.ended();
};

const only = ([pid, ...others]: readonly number[]): number => {
  if (pid === undefined || others.length > 0) throw new Error(`not one, but ${others.length} and ${pid}`);
  return pid;
};

const CASES: readonly (readonly [
  title: string,
  options: string[],
  env: Record<string, string>,
  engine: Who,
  prog: Who,
])[] = [
  ['-u and -g: engine and prog are that user', U_G, {}, nobody, nobody],
  ['TLS_UID and TLS_GID: the engine is that user, prog is what the server was started as', [], TLS, somebody, ROOT],
  ['both: the engine and prog are two users', U_G, TLS, somebody, nobody],
  ['-u alone changes no group id, but takes the supplementary ones', U_G.slice(0, 2), {}, nobodyOfRoots, nobodyOfRoots],
  ['the same user twice', U_G, { TLS_UID: String(NOBODY.uid), TLS_GID: String(NOBODY.gid) }, nobody, nobody],
];

const asRoot = process.getuid?.() === 0;
if (!asRoot) skip('users of s6-tlsserver: this needs root');

if (asRoot && installed('setpriv', 'users of s6-tlsserver')) {
  for (const workers of [0, 2]) {
    for (const [title, options, env, engine, prog] of CASES)
      once(`-w${workers} ${title}`, async (live) => {
        const server = await live.resident({
          options: [`-w${workers}`, '-v2', '-S', ...options],
          ...{ env, under: UNDER, prog: PROG },
        });
        const peers = [await greeted(live, server), await greeted(live, server)];
        const { pid } = server;
        assertProcessIs(pid, engine);
        const keeper = only(keepersOf(pid));
        assertProcessIs(keeper, ROOT);
        const working = workersOf(pid);
        assert.is(working.length, workers);
        for (const worker of working) assertProcessIs(worker, engine);
        // Whoever is that user starts prog, and else the keeper.
        const engines = workers === 0 ? [pid] : working;
        const parents = engine === prog ? engines : [keeper];
        for (const peer of peers) {
          assertIs((name) => said(peer, name), prog);
          assert.ok(parents.includes(Number(said(peer, 'PPid'))), peer.text);
          await peer.send('hello\n');
          await peer.receives('hello\n');
          await leave(peer);
        }
        assert.match(await server.verdict(1), /prog exited 0$/);
        assert.match(await server.verdict(2), /prog exited 0$/);
      });
  }

  once('nothing is dropped, and there is no keeper, without any of these', async (live) => {
    const server = await live.resident({ under: UNDER, prog: PROG });
    const peer = await greeted(live, server);
    assertProcessIs(server.pid, ROOT);
    assert.is(Number(said(peer, 'PPid')), server.pid);
    assert.equal(childrenOf(server.pid).length, 1);
    await leave(peer);
  });

  once('a port below 1024 is bound before privileges go', async (live) => {
    const port = await privilegedPort();
    const server = await live.resident({ where: ['127.0.0.1', String(port)], options: U_G, prog: PROG });
    assert.is(server.port, port);
    assertProcessIs(server.pid, nobody);
    await leave(await greeted(live, server));
  });

  for (const mode of [0o755, 0o700])
    once(
      `a Unix socket in a directory of root's, mode ${mode.toString(8)}, is bound before privileges go`,
      async (live) => {
        const directory = traceDirectory();
        chmodSync(directory, mode);
        const path = join(directory, 'socket');
        const prepared = { where: [path], options: ['-v2', ...U_G], prog: PROG };
        const server = await live.resident(prepared);
        const peer = await live.join({ path });
        await peer.receives('told\n');
        assertIs((name) => said(peer, name), nobody);
        await leave(peer);
        server.signal('SIGTERM');
        assert.is(await server.exit(), 0, server.stderr);
        assert.not.match(server.stderr, /warning|fatal/);
        // The path stays, since that user may not remove it, and the next server takes it.
        assert.ok(existsSync(path));
        await live.resident(prepared);
        await leave(await live.join({ path }));
      },
    );
}

/** One that nobody has now. */
const privilegedPort = async (): Promise<number> => {
  for (let port = 1023; port > 900; port -= 1) {
    const server = createServer();
    const tried = new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!(await within('an answer', tried))) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
  throw new Error('every privileged port is taken');
};

test.run();
