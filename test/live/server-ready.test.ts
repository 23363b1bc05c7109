import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { once as event } from 'node:events';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { S6_TLSSERVER } from '../../src/options/s6-tlsserver.ts';
import { certificates } from '../fixtures/certificates.ts';
import { installed, skip } from '../support/live-skips.ts';
import { once, type Live } from './support/live.ts';
import { AS_NOBODY, directoryOfNobody, keysOfNobody } from './support/nobody.ts';
import { SERVER } from './support/resident.ts';
import { traceDirectory } from './support/traced.ts';
import { poll, within } from './support/watch.ts';

// When s6-tlsserver is ready, and what it says when it cannot be.

const directory = traceDirectory();

once('-1: the port and a newline, then the end of fd 1, whatever happens later', async (live) => {
  const server = await live.resident({ options: ['-v3'], prog: ['sh', '-c', 'echo "to fd 2" >&2; echo hello'] });
  assert.match(server.stdout, /^[1-9][0-9]*\n$/);
  const said = server.stdout;
  const peer = await live.join(server.port);
  await peer.ended();
  peer.fin();
  const garbage = await live.join(server.port, { handshake: 'none' });
  await garbage.raw('GET / HTTP/1.0\r\n\r\n');
  await garbage.ended();
  await server.stop();
  assert.is(server.stdout, said);
});

once('-1: the path of a Unix socket, which is there by then, with the mode of the umask', async (live) => {
  const path = join(directory, 'socket');
  const under = ['sh', '-c', 'umask 027; exec "$@"', 'sh'];
  const server = await live.resident({ where: [path], prog: ['cat'], under });
  assert.is(server.stdout, `${path}\n`);
  assert.is(statSync(path).mode & 0o777, 0o750);
  const peer = await live.join({ path });
  await peer.send('x');
  await peer.receives('x');
  peer.fin();
  await peer.ended();
  await server.stop();
  assert.not(existsSync(path));
});

once('without -1 nothing comes on fd 1', async (live) => {
  const running = live.run([SERVER, '-v2', '127.0.0.1', '0', 'true']);
  await running.says(/^s6-tlsserver: info: listening on \d+$/m);
  assert.is(running.stdout, '');
});

once('--print-port is -1', async (live) => {
  const running = live.run([SERVER, '--print-port', '127.0.0.1', '0', 'true']);
  await running.says(/^\d+\n/);
});

const REACHES_NOBODY = 'mkfifo "$1"; exec 3<>"$1" >"$1" 3<&-; exec "$0" -1 -v2 127.0.0.1 0 true';
once('a reader of -1 that has gone is no reason to end', async (live) => {
  const fifo = join(directory, 'fifo');
  const gone = live.run(['sh', '-c', REACHES_NOBODY, SERVER, fifo]);
  const [, port = ''] = await gone.says(/^s6-tlsserver: info: listening on (\d+)$/m);
  const peer = await live.join(Number(port));
  await peer.ended();
  peer.fin();
});

/** It must die by itself, with this line alone, and nothing on fd 1. */
const dies = async (live: Live, status: number, line: string, words: readonly string[], env = {}): Promise<void> => {
  const running = live.run([SERVER, '-1', ...words], env);
  assert.is(await running.exit(), status, running.stderr);
  const usage = line.startsWith('unable to parse options') ? `; usage: ${S6_TLSSERVER.usage}` : '';
  assert.is(running.stderr, `s6-tlsserver: fatal: ${line}${usage}\n`);
  assert.is(running.stdout, '');
};

once('111: the port is in use', async (live) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await within('listening', event(taken, 'listening'));
  const { port } = taken.address() as AddressInfo;
  try {
    const line = `unable to listen on 127.0.0.1 port ${port}: address already in use`;
    await dies(live, 111, line, ['127.0.0.1', String(port), 'true']);
  } finally {
    taken.close();
  }
});

once('111: the address is not ours, the name is nobody’s', async (live) => {
  await dies(live, 111, 'unable to listen on 192.0.2.1 port 0: address not available', ['192.0.2.1', '0', 'true']);
  const running = live.run([SERVER, 'no-such-host.invalid', '0', 'true']);
  assert.is(await running.exit(), 111);
  assert.match(running.stderr, /^s6-tlsserver: fatal: unable to listen on no-such-host\.invalid port 0: [^\n]+\n$/);
});

once('111: a Unix socket that is served, a file that is none, a directory that is not there', async (live) => {
  const [served, file] = [join(directory, 'served'), join(directory, 'file')];
  await live.resident({ where: [served], prog: ['true'] });
  await dies(live, 111, `unable to listen on ${served}: address already in use`, [served, 'true']);
  writeFileSync(file, '');
  const isFile = 'the file is there already, and is not a socket';
  await dies(live, 111, `unable to listen on ${file}: ${isFile}`, [file, 'true']);
  const nowhere = join(directory, 'nowhere', 'socket');
  await dies(live, 111, `unable to listen on ${nowhere}: no such file or directory`, [nowhere, 'true']);
});

once('a Unix socket that a killed server has left is replaced', async (live) => {
  const path = join(directory, 'left');
  const first = await live.resident({ where: [path], prog: ['true'] });
  first.signal('SIGKILL');
  await first.exit();
  assert.ok(existsSync(path));
  await live.resident({ where: [path], prog: ['true'] });
  await (await live.join({ path })).ended();
});

for (const [line, ...words] of [
  ['unable to parse options: no host'],
  ['unable to parse options: the host is empty', '', '0', 'true'],
  ['unable to parse options: no port', '127.0.0.1'],
  ['unable to parse options: the port is not a number: https', '127.0.0.1', 'https', 'true'],
  ['unable to parse options: port 65536 is more than 65535', '127.0.0.1', '65536', 'true'],
  ['unable to parse options: no program to run', '127.0.0.1', '0'],
  ['unable to parse options: no program to run', '/tmp/s'],
  ['unable to use the environment: LISTEN_FDS is not set: no socket was handed over', '-', 'true'],
] as const)
  once(`100: ${words.join(' ')}: ${line}`, (live) => dies(live, 100, line, words));

for (const [option, value] of [
  ['-c', '0'],
  ['-C', '0'],
  ['-b', '0'],
  ['-c', 'many'],
  ['-u', '-1'],
  ['-g', 'nogroup'],
  ['-w', '8193'],
] as const)
  once(`100: ${option} ${value}`, async (live) => {
    const running = live.run([SERVER, option, value, '127.0.0.1', '0', 'true']);
    assert.is(await running.exit(), 100);
    assert.match(
      running.stderr,
      new RegExp(`^s6-tlsserver: fatal: unable to parse options: [^\\n]*${option}[^\\n]*\\n$`),
    );
  });

once('96, 111: keys that cannot be used or read, before anybody can connect', async (live) => {
  const path = join(directory, 'never');
  const { strangerClient, server } = certificates();
  const misfit = live.run([SERVER, '-1', path, 'true'], { KEYFILE: strangerClient.keyFile, CERTFILE: server.certFile });
  assert.is(await misfit.exit(), 96);
  assert.match(misfit.stderr, /^s6-tlsserver: fatal: unable to use CERTFILE[^\n]+\n$/);
  const missing = join(directory, 'missing');
  const line = `unable to read KEYFILE ${missing}: no such file or directory`;
  await dies(live, 111, line, [path, 'true'], { KEYFILE: missing });
  assert.not(existsSync(path));
});

if (process.getuid?.() !== 0) skip('rights to listen: this needs root');
else if (installed('setpriv', 'rights to listen'))
  once('111: a port, and a directory, for which the rights are missing', async (live) => {
    const env = keysOfNobody(directoryOfNobody());
    const dies = async (line: string, words: readonly string[]): Promise<void> => {
      const running = live.run([...AS_NOBODY, SERVER, '-1', ...words], env);
      assert.is(await running.exit(), 111, running.stderr);
      assert.is(running.stderr, `s6-tlsserver: fatal: ${line}\n`);
    };
    const path = join(directory, 'socket');
    await dies(`unable to listen on ${path}: permission denied`, [path, 'true']);
    if (Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'latin1')) <= 1)
      skip('port 1: it is free for all');
    else await dies('unable to listen on 127.0.0.1 port 1: permission denied', ['127.0.0.1', '1', 'true']);
  });

if (installed('s6-supervise', 'readiness for s6'))
  once('s6: with 1 in notification-fd the service is ready when it listens', async (live) => {
    const service = join(directory, 'service');
    mkdirSync(service);
    writeFileSync(join(service, 'notification-fd'), '1\n');
    const path = join(directory, 's6');
    writeFileSync(join(service, 'run'), `#!/bin/sh\nexec '${SERVER}' -1 '${path}' cat\n`, { mode: 0o755 });
    const supervise = live.run(['s6-supervise', service]);
    await poll('a supervisor', () => existsSync(join(service, 'supervise', 'control')));
    const ready = live.run(['s6-svwait', '-U', '-t', '10000', service]);
    assert.is(await ready.exit(), 0, ready.stderr);
    const socket = connect(path);
    await within('a connection', event(socket, 'connect'));
    socket.destroy();
    const gone = live.run(['s6-svc', '-wD', '-T', '10000', '-d', '-x', service]);
    assert.is(await gone.exit(), 0, gone.stderr);
    assert.is(await supervise.exit(), 0);
    assert.not(existsSync(path));
  });

test.run();
