import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { skip } from '../../support/live-skips.ts';
import { listening } from './support/telling.ts';
import { deathOf, hangUp, meet, open } from './support/opening.ts';
import { undoAll, undoLater } from './support/undo.ts';

const test = suite('unix sockets', { directory: '', path: '' });

test.before.each((context) => {
  context.directory = mkdtempSync(join(tmpdir(), 'marble-tls-unix-'));
  context.path = join(context.directory, 'socket');
});
test.after.each(undoAll);
test.after.each(({ directory }) => rmSync(directory, { recursive: true, force: true }));

test('a client is accepted, and it is known who it is', async ({ path }) => {
  const listener = await open(path);
  assert.is(listener.bound, path);
  const { client, accepted } = await meet(listener, { path });
  const peer = { uid: process.geteuid?.(), gid: process.getegid?.() };
  assert.equal(accepted.ends, { kind: 'unix', path, peer });
  hangUp(listener, client, accepted.socket);
});

test('the path goes away when we stop listening', async ({ path }) => {
  const listener = await open(path);
  assert.ok(statSync(path).isSocket());
  listener.close();
  assert.not.ok(existsSync(path));
});

test('the mode is what umask leaves', async ({ path }) => {
  const before = process.umask(0o027);
  try {
    (await open(path)).close();
    const listener = await open(path);
    assert.is(statSync(path).mode & 0o777, 0o750);
    listener.close();
  } finally {
    process.umask(before);
  }
});

test('the longest path of all can be listened on', async ({ directory }) => {
  const path = join(directory, 'x'.repeat(106 - directory.length));
  assert.is(path.length, 107);
  const listener = await open(path);
  const { client, accepted } = await meet(listener, { path });
  hangUp(listener, client, accepted.socket);
  assert.not.ok(existsSync(path));
});

test('a socket that nobody listens on any more is replaced', async ({ path }) => {
  const child = listening([], [path]);
  await child.tells('bound');
  child.kill();
  await child.end();
  assert.ok(statSync(path).isSocket());
  const listener = await open(path);
  const { client, accepted } = await meet(listener, { path });
  hangUp(listener, client, accepted.socket);
});

test('a socket that somebody listens on is left alone', async ({ path }) => {
  const other = createServer((socket) => socket.on('error', () => undefined)).listen(path);
  undoLater(() => other.close());
  await once(other, 'listening');
  assert.is(await deathOf(path), `111 unable to listen on ${path}: address already in use`);
  assert.ok(statSync(path).isSocket());
  other.close();
});

test('a socket of datagrams that somebody uses is left alone', async ({ path }) => {
  const use = `import socket, subprocess, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
sys.exit(subprocess.run(sys.argv[2:]).returncode)`;
  const child = listening(['python3', '-c', use, path], [path]);
  assert.equal(await child.tells('death'), [`111 unable to listen on ${path}: address already in use`]);
  await child.end();
});

test('what is not a socket is left alone', async ({ directory, path }) => {
  const reason = 'the file is there already, and is not a socket';
  writeFileSync(path, 'mine');
  assert.is(await deathOf(path), `111 unable to listen on ${path}: ${reason}`);
  const link = join(directory, 'link');
  symlinkSync(join(directory, 'nothing'), link);
  assert.is(await deathOf(link), `111 unable to listen on ${link}: ${reason}`);
});

test('a missing directory is called that', async ({ directory }) => {
  const path = join(directory, 'missing', 'socket');
  assert.is(await deathOf(path), `111 unable to listen on ${path}: no such file or directory`);
});

test('the socket of another server that has taken the path is not removed', async ({ directory, path }) => {
  const listener = await open(path);
  renameSync(path, join(directory, 'moved'));
  const other = createServer((socket) => socket.on('error', () => undefined)).listen(path);
  undoLater(() => other.close());
  await once(other, 'listening');
  listener.close();
  listener.close();
  assert.ok(statSync(path).isSocket());
  assert.equal(spawnSync('ls', [directory], { encoding: 'utf8' }).stdout, 'moved\nsocket\n');
  other.close();
});

const strangers = 'who may not write there is told so, and a client of another user is recognised';
if (process.geteuid?.() !== 0) skip(`${strangers}: only root can try`);
else
  test(strangers, async ({ directory, path }) => {
    const mine = listening([], [path], { uid: 65534, gid: 65533 });
    assert.equal(await mine.tells('death'), [`111 unable to listen on ${path}: permission denied`]);
    await mine.end();
    const shared = join(directory, 'shared');
    mkdirSync(shared);
    spawnSync('chmod', ['755', directory, shared]);
    const child = listening([], [join(shared, 'socket')]);
    await child.tells('bound');
    spawnSync('chmod', ['777', join(shared, 'socket')]);
    const connects = 'import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.recv(1)';
    spawnSync('python3', ['-c', connects, join(shared, 'socket')], { uid: 65534, gid: 65533 });
    assert.equal(await child.tells('ends'), [
      { kind: 'unix', path: join(shared, 'socket'), peer: { uid: 65534, gid: 65533 } },
    ]);
    await child.end();
  });

test.run();
