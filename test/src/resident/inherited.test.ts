import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inheritedSockets } from '../../../src/resident/inherited.ts';
import { installed } from '../../support/live-skips.ts';
import { within } from '../../live/support/watch.ts';
import { assertDies } from '../../fixtures/death.ts';
import { listening } from './support/telling.ts';
import { undoAll } from './support/undo.ts';

test.after.each(undoAll);

test('descriptors are counted from 3', () => {
  assert.equal(inheritedSockets({ LISTEN_FDS: '1', LISTEN_PID: '7' }, 7), [3]);
  assert.equal(inheritedSockets({ LISTEN_FDS: '3', LISTEN_PID: '7', LISTEN_FDNAMES: 'a:b:c' }, 7), [3, 4, 5]);
});

for (const [environment, reason] of [
  [{}, 'LISTEN_FDS is not set: no socket was handed over'],
  [{ LISTEN_PID: '7' }, 'LISTEN_FDS is not set: no socket was handed over'],
  [{ LISTEN_FDS: '1' }, 'LISTEN_PID is not set: no socket was handed over'],
  [{ LISTEN_FDS: '1', LISTEN_PID: '8' }, 'LISTEN_PID is 8, and we are process 7: the sockets are not for us'],
  [{ LISTEN_FDS: '0', LISTEN_PID: '7' }, 'LISTEN_FDS is no number of sockets: 0'],
  [{ LISTEN_FDS: 'one', LISTEN_PID: '7' }, 'LISTEN_FDS is no number of sockets: one'],
] as const) {
  test(`${JSON.stringify(environment)} is refused`, () => {
    assertDies(() => inheritedSockets(environment, 7), 100, `unable to use the environment: ${reason}`);
  });
}

/** Hands over what python has opened as `s`, the way systemd does. */
const handOver = (opens: string): readonly string[] => [
  'python3',
  '-c',
  `import os, socket, sys
${opens}
os.dup2(s.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()))
os.execvp(sys.argv[1], sys.argv[1:])`,
];

for (const [what, opens] of [
  ['a connection, as Accept=yes gives it', 's, other = socket.socketpair()'],
  ['a socket of datagrams', 's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)'],
  ['a file', "s = open('/dev/null')"],
] as const) {
  test(`${what} is refused`, async () => {
    const child = listening(handOver(opens), ['-']);
    const reason = 'it is not a stream socket that listens; Accept=yes is for s6-tlsd';
    assert.equal(await child.tells('death'), [`111 unable to listen on fd 3, handed over by LISTEN_FDS: ${reason}`]);
    await child.end();
  });
}

test('a descriptor that is not open is refused', async () => {
  const child = listening(['sh', '-c', 'LISTEN_FDS=30 LISTEN_PID=$$ exec "$@"', 'sh'], ['-']);
  const [death] = await child.tells('death');
  assert.match(String(death), /^111 unable to listen on fd \d+, handed over by LISTEN_FDS: /);
  await child.end();
});

test('a socket of the abstract kind is known by its name', async () => {
  const name = `marble-tls-${process.pid}`;
  const opens = `s = socket.socket(socket.AF_UNIX); s.bind('\\0${name}'); s.listen()`;
  const child = listening(handOver(opens), ['-']);
  assert.equal(await child.tells('bound'), [`@${name}`]);
  // Not by Node: libuv 1.46 fills an abstract name up with NULs, so that it is another one.
  const connects = `import socket; s = socket.socket(socket.AF_UNIX); s.connect('\\0${name}'); print(s.recv(9).decode())`;
  assert.is(execFileSync('python3', ['-c', connects], { encoding: 'utf8' }), `${child.pid}\n`);
  assert.equal(await child.tells('ends'), [
    { kind: 'unix', path: `@${name}`, peer: { uid: process.geteuid?.(), gid: process.getegid?.() } },
  ]);
  assert.is(await child.end(), 0);
});

if (installed('systemd-socket-activate', 'sockets of systemd')) {
  test('sockets of systemd are all served, are not prog’s, and stay when we go', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'marble-tls-activate-'));
    const path = join(directory, 'socket');
    const port = await freePort();
    const sockets = ['-l', `127.0.0.1:${port}`, '-l', path];
    const child = listening(['systemd-socket-activate', '-E', 'PATH', ...sockets], ['-']);
    try {
      await child.says(/Listening on .*socket as 4/); // It starts us at the first connection.
      const served = await textOf(connect(path));
      assert.is(served, String(child.pid), 'systemd-socket-activate has become us');
      assert.equal(await child.tells('bound'), [`${port} ${path}`]);
      assert.equal(await child.tells('sockets'), [0]);
      assert.is(await textOf(connect(port, '127.0.0.1')), served);
      const [unix, tcp] = (await child.tells('ends', 2)) as { kind: string; path?: string; local?: object }[];
      assert.equal([unix?.kind, unix?.path], ['unix', path]);
      assert.equal([tcp?.kind, tcp?.local], ['tcp', { ip: '127.0.0.1', port }]);
      assert.is(await child.end(), 0);
      assert.equal(await child.tells('complete'), [true]);
      assert.ok(existsSync(path));
    } finally {
      child.kill();
      rmSync(directory, { recursive: true, force: true });
    }
  });
}

/** All that comes until the other side ends. */
const textOf = async (socket: Socket): Promise<string> => {
  let all = '';
  socket.setEncoding('utf8').on('data', (text: string) => (all += text));
  await within('the end of a connection', once(socket, 'end'));
  return all;
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

test.run();
