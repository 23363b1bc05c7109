import { chmodSync, existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { receiver } from '../src/resident/support/telling.ts';
import { undoAll } from '../src/resident/support/undo.ts';
import { installed } from '../support/live-skips.ts';
import { activated } from './support/activated.ts';
import { once, type Live } from './support/live.ts';
import { NOBODY, SOMEBODY } from './support/nobody.ts';
import { SERVER } from './support/resident.ts';
import { traceDirectory } from './support/traced.ts';

// s6-tlsserver under systemd: sockets that are handed over, and what a service manager is told.

test.after.each(undoAll);

const directory = traceDirectory();
// The engine may be another user, and /run/systemd/notify is for everybody.
chmodSync(directory, 0o755);
let sockets = 0;
const newPath = (): string => join(directory, `${(sockets += 1)}.socket`);

/** Says what of systemd's is left in its environment, and then what it is told. */
const PROG = ['sh', '-c', 'env | grep -E "^(LISTEN_|NOTIFY_)"; echo ready; exec cat'];

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

type Service = Awaited<ReturnType<typeof receiver>>;

/** What the manager was told, each by whom. */
const told = async (manager: Service, count: number): Promise<(readonly [text: string, pid: number])[]> =>
  (await manager.tells('message', count)) as [string, number][];

const manager = async (): Promise<{ readonly service: Service; readonly NOTIFY_SOCKET: string }> => {
  const NOTIFY_SOCKET = newPath();
  const service = await receiver(NOTIFY_SOCKET);
  chmodSync(NOTIFY_SOCKET, 0o777);
  return { service, NOTIFY_SOCKET };
};

const RELOADING = /^RELOADING=1\nMONOTONIC_USEC=\d+$/;

const TWO_USERS = {
  options: ['-u', String(NOBODY.uid), '-g', String(NOBODY.gid)],
  env: { TLS_UID: String(SOMEBODY.uid), TLS_GID: String(SOMEBODY.gid) },
};

const WAYS = [
  { title: '-w0', options: ['-w0'], env: {} },
  { title: '-w2', options: ['-w2'], env: {} },
  ...(process.getuid?.() === 0 ? [{ title: 'as two other users', ...TWO_USERS }] : []),
];

if (installed('python3', 'what a service manager is told'))
  for (const { title, options, env } of WAYS) {
    once(`${title}: the service manager is told of the start, of SIGHUP, and of the stop`, async (live) => {
      const { service, NOTIFY_SOCKET } = await manager();
      const server = await live.resident({ options: [...options, '-v2'], env: { ...env, NOTIFY_SOCKET }, prog: PROG });
      assert.equal(await told(service, 1), [['READY=1', server.pid]]);
      const peer = await live.join(server.port);
      await peer.receives('ready\n');
      assert.is(peer.text, 'ready\n');
      server.signal('SIGHUP');
      const [, reloading, ready] = await told(service, 3);
      assert.match(reloading?.[0] ?? '', RELOADING);
      assert.equal(ready, ['READY=1', server.pid]);
      server.signal('SIGTERM');
      // While the last connections finish.
      assert.equal((await told(service, 4)).slice(3), [['STOPPING=1', server.pid]]);
      assert.not(server.hasExited);
      peer.fin();
      await peer.ended();
      assert.is(await server.exit(), 0);
      await service.end();
      assert.is((await told(service, 4)).length, 4);
    });

    if (installed('systemd-socket-activate', 'sockets of systemd'))
      once(
        `${title}: sockets of systemd, TCP and Unix, are served, and are there when the server has gone`,
        async (live) => {
          const { service, NOTIFY_SOCKET } = await manager();
          const [port, path] = [await freePort(), newPath()];
          const command = [SERVER, '-1', '-v2', '-S', ...options, '-', ...PROG];
          const server = await activated(
            [`127.0.0.1:${port}`, path],
            command,
            live.environment({ ...env, NOTIFY_SOCKET }),
          );
          const byTcp = await live.join(port);
          await byTcp.receives('ready\n');
          assert.equal(await told(service, 1), [['READY=1', server.pid]]);
          assert.is(await server.stdoutEnds(), `${port} ${path}\n`);
          const byPath = await live.join({ path });
          await byPath.receives('ready\n');
          for (const peer of [byTcp, byPath]) {
            assert.is(peer.text, 'ready\n');
            await peer.send('hello\n');
            await peer.receives('hello\n');
            peer.fin();
            assert.is(await peer.ended(), 'close_notify, fin');
          }
          server.signal('SIGTERM');
          assert.is(await server.exit(), 0);
          assert.equal((await told(service, 2)).slice(1), [['STOPPING=1', server.pid]]);
          assert.ok(existsSync(path));
        },
      );
  }

if (installed('python3', 'a service manager that does not listen'))
  once(
    'a service manager that does not read is worth one warning, and no connection waits for it',
    async (live: Live) => {
      const NOTIFY_SOCKET = newPath();
      await receiver(NOTIFY_SOCKET, 'full');
      const server = await live.resident({ env: { NOTIFY_SOCKET }, prog: PROG });
      const peer = await live.join(server.port);
      await peer.receives('ready\n');
      server.signal('SIGHUP');
      peer.fin();
      await peer.ended();
      await server.stop();
      assert.is(
        server.stderr,
        `s6-tlsserver: warning: unable to notify ${NOTIFY_SOCKET}: resource temporarily unavailable\n`,
      );
    },
  );

test.run();
