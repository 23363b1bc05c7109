import { dirname } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { skip } from '../support/live-skips.ts';
import { childrenOf, isAlive, keepersOf, workersOf } from './support/family.ts';
import { eachProtocol, once } from './support/live.ts';
import { NOBODY, SOMEBODY } from './support/nobody.ts';
import { poll } from './support/watch.ts';

// The keeper, a process that starts progs of another user than the engine's.

const TLS = { TLS_UID: String(SOMEBODY.uid), TLS_GID: String(SOMEBODY.gid) };
const U_G = ['-u', String(NOBODY.uid), '-g', String(NOBODY.gid)];

const asRoot = process.getuid?.() === 0;
if (!asRoot) skip('the keeper of s6-tlsserver: this needs root');

if (asRoot) {
  for (const workers of [0, 2]) {
    eachProtocol(`-w${workers} through the keeper: what becomes of prog is told as ever`, async (live) => {
      const script =
        'read -r word; case $word in exit) exit 7;; kill) kill -9 $$;; said) echo "$SSL_PROTOCOL $PROTO";; esac';
      const server = await live.resident({
        options: [`-w${workers}`, '-v2', '-S', ...U_G],
        ...{ env: TLS, prog: ['sh', '-c', script] },
      });
      for (const [index, [word, text, exit]] of [
        ['exit', '', 'prog exited 7'],
        ['kill', '', 'prog was killed by signal 9'],
        ['said', `${live.protocol} TCP\n`, 'prog exited 0'],
      ].entries()) {
        const peer = await live.join(server.port);
        await peer.send(`${word}\n`);
        assert.is(await peer.ended(), 'close_notify, fin');
        peer.fin();
        assert.ok((await server.verdict(index + 1)).endsWith(`; ${exit}`), server.stderr);
        assert.is(peer.text, text);
      }
    });

    once(
      `-w${workers} through the keeper: a prog that cannot be started ends its connection, and no other`,
      async (live) => {
        for (const [prog, status] of [
          ['no-such-program-anywhere', 127],
          ['/proc', 126],
        ] as const) {
          const server = await live.resident({
            options: [`-w${workers}`, '-v2', '-S', ...U_G],
            // Where that user may look: else execvp(3) says EACCES.
            env: { ...TLS, PATH: `${dirname(process.execPath)}:/usr/bin:/bin` },
            prog: [prog],
          });
          for (const number of [1, 2]) {
            const peer = await live.join(server.port);
            assert.is(await peer.ended(), 'close_notify, fin');
            peer.fin();
            assert.ok((await server.verdict(number)).endsWith(`; prog exited ${status}`), server.stderr);
            await server.says(new RegExp(`^s6-tlsserver: warning: ${number}: unable to run .*${prog}`, 'm'));
          }
          await server.stop();
        }
      },
    );
  }

  for (const workers of [0, 2])
    once(`-w${workers} through the keeper: SIGQUIT reaches progs of another user`, async (live) => {
      const prog = ['sh', '-c', 'trap "echo bye >&2; exit 3" TERM; echo told; while :; do sleep 0.02; done'];
      const server = await live.resident({ options: [`-w${workers}`, ...U_G], env: TLS, prog });
      const peers = [await live.join(server.port), await live.join(server.port)];
      for (const peer of peers) await peer.receives('told');
      server.signal('SIGQUIT');
      assert.is(await server.exitAlone(), 0);
      for (const peer of peers) await peer.ended();
      await server.says(/bye\n(.*\n)*bye\n/);
    });

  for (const [title, workers, env] of [
    ['', 0, TLS],
    [', with workers', 2, TLS],
    [', where it is there for keys alone', 0, {}],
  ] as const)
    once(`the keeper is killed${title}: the server says so, ends, and leaves nothing`, async (live) => {
      const prog = ['sh', '-c', 'trap "" TERM; echo told; cat; echo over >&2'];
      const server = await live.resident({ options: [`-w${workers}`, ...U_G], env, prog });
      const peer = await live.join(server.port);
      await peer.receives('told');
      for (const keeper of keepersOf(server.pid)) process.kill(keeper, 'SIGKILL');
      assert.is(await server.exitAlone(), 111);
      await peer.ended();
      // prog has its end of file, and then nobody holds fd 2 any more.
      await server.exit();
      assert.match(server.stderr, /^s6-tlsserver: fatal: unable to go on: the keeper has gone$/m);
      assert.match(server.stderr, /^over$/m);
    });

  for (const workers of [0, 2])
    once(`-w${workers} the engine is killed: the keeper goes, and prog sees the end of its input`, async (live) => {
      const prog = ['sh', '-c', 'echo told; cat; echo over >&2'];
      const server = await live.resident({ options: [`-w${workers}`, ...U_G], env: TLS, prog });
      const peer = await live.join(server.port);
      await peer.receives('told');
      const helpers = childrenOf(server.pid);
      assert.is(helpers.length, 1 + workers);
      server.signal('SIGKILL');
      assert.is(await server.exit(), 'SIGKILL');
      await peer.ended();
      await poll('the helpers to be gone', () => !helpers.some(isAlive));
      assert.is(server.stderr, 'over\n');
    });

  once('a worker is killed: its prog sees the end of its input, and the next worker finds the keeper', async (live) => {
    const prog = ['sh', '-c', 'echo told; cat; echo over >&2'];
    const server = await live.resident({ options: ['-w1', '-v2', ...U_G], env: TLS, prog });
    for (const round of [1, 2, 3]) {
      const peer = await live.join(server.port);
      await peer.receives('told');
      for (const worker of workersOf(server.pid)) process.kill(worker, 'SIGKILL');
      await peer.ended();
      await server.says(new RegExp(`(?:[^]*over\\n){${round}}`));
      await server.says(new RegExp(`(?:[^]*another takes its place\\n){${round}}`));
    }
    const peer = await live.join(server.port);
    await peer.receives('told');
    assert.is(childrenOf(keepersOf(server.pid)[0] ?? 0).length, 1);
    peer.fin();
    await peer.ended();
  });
}

test.run();
