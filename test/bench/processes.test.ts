import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { realpathSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  connectionsOn,
  cpuOf,
  descriptorsOf,
  executableOf,
  familyOf,
  listens,
  memoryOf,
} from '../../bench/processes.ts';

const BUSY = 'const end = process.cpuUsage().user + 200_000; while (process.cpuUsage().user < end); ';

test('a family is a process with its children and theirs, and has the CPU time of its dead too', async () => {
  const [busy, idle] = [BUSY, `process.stdout.write('here'); setInterval(() => 0, 1e9)`];
  const shell = spawn(
    'sh',
    ['-c', '"$0" -e "$1"; sh -c \'"$0" -e "$1"; :\' "$0" "$2"; :', process.execPath, busy, idle],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    },
  );
  const { pid = 0 } = shell;
  const look = async (): Promise<{ family: ReturnType<typeof familyOf>; executable: string | undefined }> => {
    await once(shell.stdout, 'data');
    const family = familyOf(pid);
    return { family, executable: executableOf(family.at(-1)?.pid ?? 0) };
  };
  const { family, executable } = await look().finally(() => process.kill(-pid, 'SIGKILL'));
  await once(shell, 'close');
  assert.equal(
    family.map(({ pid: each, parent }, place) => (place === 0 ? each === pid : parent === family[place - 1]?.pid)),
    [true, true, true],
  );
  assert.is(executable, realpathSync(process.execPath));
  assert.ok((family[0]?.cpuOfChildren ?? 0) >= 0.2, 'the busy one has been waited for');
  assert.ok(cpuOf(family) >= 0.2);
  assert.equal(familyOf(pid), []);
  assert.is(executableOf(pid), undefined);
});

test('memory is told in MiB, now and at most', () => {
  const { now, peak } = memoryOf(process.pid);
  const told = process.memoryUsage.rss() / 2 ** 20;
  assert.ok(peak >= now && Math.abs(now - told) < told / 2, JSON.stringify({ now, peak, told }));
});

test('it is seen whether somebody listens', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  assert.ok(listens(port));
  server.close();
  await once(server, 'close');
  assert.not(listens(port));
});

test('a connection is there until the server lets go of it, and is one descriptor', async () => {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1');
  const [[socket]] = (await Promise.all([once(server, 'connection'), once(client, 'connect')])) as [
    [ReturnType<typeof connect>],
    unknown,
  ];
  const descriptors = descriptorsOf(process.pid);
  client.end();
  await once(socket.resume(), 'end');
  assert.is(connectionsOn(port), 1, 'half closed');
  socket.destroy();
  await once(socket, 'close');
  client.destroy();
  await once(client, 'close');
  assert.is(connectionsOn(port), 0);
  assert.is(descriptorsOf(process.pid), descriptors - 2);
  server.close();
  await once(server, 'close');
});

test.run();
