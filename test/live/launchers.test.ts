import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { installed } from '../support/live-skips.ts';
import { eachProtocol, PROGRAM, type Live } from './support/live.ts';
import type { Wiring } from './support/host.ts';
import { stream, streamDigest } from './support/stream.ts';

// Spec section 1: whatever accepts the connection, and whatever fd 0 and fd 1 are.

const SIZE = 500_000;
const WIRINGS: readonly Wiring[] = ['tcp', 'unix', 'two sockets', 'pipes'];

for (const wiring of WIRINGS) {
  eachProtocol(`fd 0 and fd 1 by ${wiring}: an echo, and both endings`, async (live) => {
    for (const [policy, ending] of [
      ['-s', 'fin'],
      ['-S', 'close_notify, fin'],
      ['-N', 'close_notify, fin'],
    ] as const) {
      const { peer, tlsd } = await live.meet({ options: [policy], prog: ['cat'], wiring, discard: true });
      assert.ok(await peer.sendAll(stream(SIZE), 10_000));
      await peer.until('the echo', () => peer.received === SIZE);
      peer.fin();
      assert.is(await peer.ended(), ending, `${wiring} ${policy}`);
      assert.is(peer.digest(), streamDigest(SIZE));
      assert.is(await tlsd.exit(), 0, tlsd.stderr);
    }
  });

  eachProtocol(`fd 0 and fd 1 by ${wiring}: prog ends first, and -J is satisfied by close_notify`, async (live) => {
    const { peer, tlsd } = await live.meet({ options: ['-S', '-J'], prog: ['sh', '-c', 'echo hello; exit 9'], wiring });
    assert.is(await peer.ended(), 'close_notify, fin');
    assert.is(peer.text, 'hello\n');
    await peer.closeNotify();
    peer.fin();
    assert.is(await tlsd.exit(), 9, tlsd.stderr);
  });

  eachProtocol(`fd 0 and fd 1 by ${wiring}: a cut record is 98`, async (live) => {
    const { peer, tlsd } = await live.meet({ options: ['-S'], prog: ['sh', '-c', 'wc -c'], wiring });
    await peer.send('12345');
    await peer.finInsideRecord('6789', 3);
    await peer.ended();
    assert.is(peer.text, '5\n');
    assert.is(await tlsd.exit(), 98);
  });
}

/** A word on the way there, a word on the way back, and the ends of both. */
const conversation = async (live: Live, port: number): Promise<void> => {
  const peer = await live.join(port);
  await peer.send('hello\n');
  assert.is(await peer.ended(), 'close_notify, fin');
  assert.is(peer.text, 'got hello\n');
  await peer.closeNotify();
  peer.fin();
};

const COMMAND = [PROGRAM, '-S', 'sh', '-c', 'read -r line; echo "got $line"'];

if (installed('socat', 'socat EXEC'))
  eachProtocol('under socat, EXEC with nofork', async (live) => {
    const command = `${PROGRAM} -S sh -c "'read line; echo got \\$line'"`.replaceAll(':', '\\:');
    const socat = live.run(['socat', '-d', '-d', 'TCP-LISTEN:0,bind=127.0.0.1', `EXEC:${command},nofork`]);
    const [, port] = await socat.says(/listening on .*:(\d+)/);
    await conversation(live, Number(port));
    assert.is(await socat.exit(), 0, socat.stderr);
  });

if (installed('tcpserver', 'ucspi-tcp'))
  eachProtocol('under tcpserver, twice', async (live) => {
    const tcpserver = live.run(['tcpserver', '-1', '-v', '-RHl0', '127.0.0.1', '0', ...COMMAND]);
    const [, port] = await tcpserver.says(/^(\d+)$/m);
    await conversation(live, Number(port));
    await conversation(live, Number(port));
    await tcpserver.says(/end \d+ status 0[^]*end \d+ status 0/);
  });

if (installed('python3', 'an inetd in Python'))
  eachProtocol('under an inetd: accept, fork, dup2, exec', async (live) => {
    const inetd = live.run(['python3', '-u', '-c', INETD, ...COMMAND]);
    const [, port] = await inetd.says(/port (\d+)/);
    await conversation(live, Number(port));
    await inetd.says(/status 0\n/);
  });

const INETD = `
import os, socket, sys
listener = socket.create_server(("127.0.0.1", 0))
print("port", listener.getsockname()[1])
while True:
    connection, _ = listener.accept()
    pid = os.fork()
    if pid == 0:
        os.dup2(connection.fileno(), 0)
        os.dup2(connection.fileno(), 1)
        os.execv(sys.argv[1], sys.argv[1:])
    connection.close()
    print("status", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

test.run();
