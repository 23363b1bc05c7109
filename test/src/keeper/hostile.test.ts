import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync } from 'node:fs';
import { createServer, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { keeperArguments } from '../../../src/keeper/order.ts';
import { READY } from '../../../src/keeper/protocol.ts';
import { helperProgram } from '../../../src/prog/helper-program.ts';
import { loadPipe2 } from '../../../src/prog/pipe2.ts';
import { installed } from '../../support/live-skips.ts';
import { PATH, until, within } from '../prog/support.ts';

// The test in the place of an engine that was taken over: it says what it likes.

const REFUSED =
  's6-tlsserver: fatal: the keeper: unable to go on: the process that handles the network asked for something that it never asks for\n';

const keeper = async () => {
  const args = keeperArguments(
    helperProgram('keeper'),
    { argv: ['sh', '-c', 'echo $PPID; read line; exit 7'], environment: {} },
    { namedPairs: [] },
  );
  const child: ChildProcess = spawn(process.execPath, args, {
    env: { PATH },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  child.on('error', () => undefined); // A message to a keeper that has left.
  const replies: unknown[] = [];
  const stderr = child.stderr === null ? Promise.resolve('') : text(child.stderr);
  const exit = once(child, 'exit');
  assert.equal(await within('the keeper', once(child, 'message')), [READY, undefined]);
  child.on('message', (reply) => replies.push(reply));
  return {
    child,
    replies,
    say: (message: object, handle?: Socket) => void child.send(message, handle, { keepOpen: true }, () => undefined),
    exit: async () => {
      const [code] = (await within('the keeper to exit', exit)) as [number | null];
      return [code, await within('the end of its stderr', stderr)];
    },
  };
};

/** An end of a new pipe. */
const pipeEnd = (which: 0 | 1): Socket => {
  const pipe2 = loadPipe2();
  if (!('makePipe' in pipe2)) throw new Error(pipe2.reason);
  const ends = pipe2.makePipe();
  closeSync(ends[1 - which] ?? -1);
  return new Socket({ fd: ends[which], readable: false, writable: true });
};

const START = { id: '1', ask: 'start', variables: {} };
const OUTPUT = { id: '1', ask: 'stdout' };

const MESSAGES: Readonly<Record<string, object>> = {
  'an empty message': {},
  'a list': ['start'],
  'no id': { ask: 'credentials' },
  'an id that is not one': { id: '../1', ask: 'credentials' },
  'an id that is too long': { id: '1'.repeat(33), ask: 'credentials' },
  'another program': { ...START, argv: ['id'] },
  'another user': { id: '1', ask: 'credentials', uid: 0 },
  'another file': { id: '1', ask: 'credentials', path: '/etc/shadow' },
  'another signal': { id: '1', ask: 'signal', signal: 'SIGKILL' },
  'a signal by number': { id: '1', ask: 'signal', signal: 15 },
  'an unknown request': { id: '1', ask: 'exec' },
  'a start without a pipe': START,
  'an output without a pipe': OUTPUT,
};

for (const [what, message] of Object.entries(MESSAGES)) {
  test(`${what}: the keeper leaves, loudly`, async () => {
    const { say, exit, replies } = await keeper();
    say(message);
    say({ id: '2', ask: 'credentials' });
    assert.equal(await exit(), [111, REFUSED]);
    assert.equal(replies, []);
  });
}

test('variables that prog does not have from us, with all else in order: the keeper leaves, and prog is not run', async () => {
  const { say, exit, replies } = await keeper();
  say(OUTPUT, pipeEnd(1));
  say({ ...START, variables: { LD_PRELOAD: '/tmp/x.so' } }, pipeEnd(0));
  assert.equal(await exit(), [111, REFUSED]);
  assert.equal(replies, []);
});

test('a pipe with a request that needs none, and an id that is in use: the keeper leaves', async () => {
  for (const [message, handle] of [
    [{ id: '2', ask: 'credentials' }, pipeEnd(0)],
    [OUTPUT, pipeEnd(1)],
    [{ ...OUTPUT, id: '3' }, undefined],
  ] as const) {
    const { say, exit } = await keeper();
    say(OUTPUT, pipeEnd(1));
    say(message, handle);
    assert.equal(await exit(), [111, REFUSED]);
  }
});

test('a socket, connected or listening, is not taken for a pipe, and nobody is served on it', async () => {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const client = new Socket().connect(port, '127.0.0.1');
  await once(client, 'connect');
  for (const handle of [client, server]) {
    const { child, exit, replies } = await keeper();
    child.send(OUTPUT, handle, { keepOpen: true }, () => undefined);
    assert.equal(await exit(), [111, REFUSED]);
    assert.equal(replies, []);
  }
  client.destroy();
  server.close();
});

test('a prog that was started is left alone when the keeper leaves', async () => {
  const { child, say, exit, replies } = await keeper();
  const pipe2 = loadPipe2();
  if (!('makePipe' in pipe2)) throw new Error(pipe2.reason);
  const [[theirStdin, ourStdin], [ourStdout, theirStdout]] = [pipe2.makePipe(), pipe2.makePipe()];
  const output = text(new Socket({ fd: ourStdout, writable: false }));
  const ends = [theirStdout, theirStdin].map((fd) => new Socket({ fd, readable: false, writable: true }));
  say(OUTPUT, ends[0]);
  say(START, ends[1]);
  await until('prog', () => replies.length > 0);
  assert.equal(replies, [{ id: '1', tell: 'started' }]);
  for (const end of ends) end.destroy();
  const left = once(child, 'exit');
  say({});
  await within('the keeper to leave', left);
  // Prog waits for this, and has the same stderr.
  closeSync(ourStdin);
  assert.equal(await exit(), [111, REFUSED]);
  assert.match(await within('output', output), /^\d+\n$/);
});

test('an output that nobody reads any more, long before the start: prog is run all the same', async () => {
  const { child, say, exit, replies } = await keeper();
  say(OUTPUT, pipeEnd(1));
  say({ id: '2', ask: 'credentials' });
  await until('the keys', () => replies.length === 1);
  say({ id: '3', ask: 'credentials' });
  await until('the keys', () => replies.length === 2);
  say(START, pipeEnd(0));
  await until('the end of prog', () => replies.length === 4);
  assert.equal(replies.slice(2), [
    { id: '1', tell: 'started' },
    { id: '1', tell: 'ended', status: { signal: 13 } },
  ]);
  child.disconnect();
  assert.equal(await exit(), [0, '']);
});

test('the engine that dies takes the keeper with it, quietly', async () => {
  const { child, exit } = await keeper();
  child.disconnect();
  assert.equal(await exit(), [0, '']);
});

/** Runs Python in the place of the engine: what cannot be said by way of Node. */
const python = async (script: string): Promise<readonly [pid: string, output: string]> => {
  const args = keeperArguments(helperProgram('keeper'), { argv: ['sh'], environment: {} }, { namedPairs: [] });
  const engine = spawn('python3', ['-c', PROLOGUE + script, process.execPath, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const output = await within('the engine', text(engine.stdout), 60_000);
  return [output.split('\n')[0] ?? '', output.split('\n').slice(1).join('\n')];
};

const PROLOGUE = `
import array, os, socket, subprocess, sys
ours, theirs = socket.socketpair()
os.set_inheritable(theirs.fileno(), True)
keeper = subprocess.Popen(sys.argv[1:], env={"PATH": os.environ["PATH"], "NODE_CHANNEL_FD": str(theirs.fileno())}, pass_fds=[theirs.fileno()], stdout=subprocess.DEVNULL)
theirs.close()
print(keeper.pid, flush=True)
assert ours.recv(64) == b'"ready"\\n'
def say(line, fd=None):
    rights = [] if fd is None else [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))]
    ours.sendmsg([line], rights)
`;

if (installed('python3', 'descriptors that Node does not send')) {
  test('a file that is no pipe ends the keeper, whatever its message says', async () => {
    const [pid, output] = await python(`
say(b'{"cmd":"NODE_HANDLE","type":"net.Socket","msg":{"id":"1","ask":"stdout"}}\\n', os.open("/etc/hostname", os.O_RDONLY))
print(keeper.wait(20) != 0)
`);
    assert.is(output, 'True\n');
    assert.not(existsSync(`/proc/${pid}`));
  });

  for (const [what, line] of [
    ['an acknowledgement of nothing', '{"cmd":"NODE_HANDLE_ACK"}'],
    ['a kind of descriptor that is none', '{"cmd":"NODE_HANDLE","type":"constructor","msg":{"id":"1","ask":"stdout"}}'],
    ['a kind that listens', '{"cmd":"NODE_HANDLE","type":"net.Server","msg":{"id":"1","ask":"stdout"}}'],
  ] as const) {
    test(`${what}, in what Node says to itself, ends the keeper as well`, async () => {
      const [, output] = await python(`
say(b'${line}\\n', os.pipe()[1])
print(keeper.wait(20))
`);
      assert.is(output, '111\n');
    });
  }

  test('no JSON ends the keeper, with one line', async () => {
    const [, output] = await python(`
say(b'start\\n')
print(keeper.wait(20))
`);
    assert.is(output, '111\n');
  });

  test('a message without an end does not grow without an end', async () => {
    const [, output] = await python(`
try:
    # Less than the longest string that V8 can hold, which would end it as well.
    for _ in range(384): ours.sendall(b' ' * 1048576)
    print("384 MiB")
except OSError:
    print(keeper.wait(20) != 0)
`);
    assert.is(output, 'True\n');
  });
}

test.run();
