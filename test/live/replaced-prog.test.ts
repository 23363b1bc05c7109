import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eachProtocol, type Live } from './support/live.ts';
import type { Peer } from './support/peer.ts';
import { traceDirectory } from './support/traced.ts';

// prog's file is replaced while connections run, as an upgrade does it: a new file is renamed over the old one.

const install = (path: string, version: string): void => {
  writeFileSync(`${path}.new`, `#!/bin/sh\necho "version ${version}"\nexec cat\n`, { mode: 0o755 });
  renameSync(`${path}.new`, path);
};

const echoes = async (peer: Peer): Promise<void> => {
  const text = `${peer.received} bytes\n`;
  await peer.send(text);
  await peer.receives(text);
};

const end = async (peer: Peer): Promise<void> => {
  await peer.closeNotify();
  peer.fin();
  assert.is(await peer.ended(), 'close_notify, fin');
};

eachProtocol('s6-tlsd: who began before goes on, who has not yet run prog runs the new one', async (live: Live) => {
  const path = join(traceDirectory(), 'prog');
  install(path, '1');
  const before = await live.meet({ options: ['-S'], prog: [path] });
  await before.peer.receives('version 1\n');
  const waiting = await live.meet({ options: ['-S'], prog: [path], handshake: 'none' });
  install(path, '2');
  waiting.peer.startTls();
  await waiting.peer.secured();
  await waiting.peer.receives('version 2\n');
  for (const { peer, tlsd } of [before, waiting]) {
    await echoes(peer);
    await end(peer);
    assert.is(await tlsd.exit(), 0, tlsd.stderr);
  }
});

for (const workers of ['-w0', '-w2'])
  eachProtocol(`s6-tlsserver ${workers}: replaced again and again, and nobody is refused`, async (live: Live) => {
    const path = join(traceDirectory(), 'prog');
    install(path, '0');
    const server = await live.resident({ options: [workers, '-S', '-v2', '-c', '100'], prog: [path] });
    const first = await live.join(server.port);
    await first.receives('version 0\n');
    const peers: Peer[] = [first];
    for (let version = 1; version <= 20; version++) {
      install(path, String(version));
      const [known, ...others] = await Promise.all([1, 2, 3].map(() => live.join(server.port)));
      // Once it has answered, prog is replaced before the others may have begun.
      await known?.receives(`version ${version}\n`);
      if (known !== undefined) peers.push(known, ...others);
    }
    for (const peer of peers) {
      await peer.receives('\n');
      assert.match(peer.text, /^version \d+\n$/);
      await echoes(peer);
      await end(peer);
    }
    for (const index of peers.keys()) assert.match(await server.verdict(index + 1), /; prog exited 0$/);
    assert.not.match(server.stderr, /warning/);
  });

eachProtocol(
  's6-tlsserver: while prog is not there each connection ends with a message, and then all is well again',
  async (live) => {
    const path = join(traceDirectory(), 'prog');
    install(path, '1');
    const server = await live.resident({ options: ['-S', '-v2'], prog: [path] });
    const before = await live.join(server.port);
    await before.receives('version 1\n');
    rmSync(path);
    for (const connection of [2, 3]) {
      const peer = await live.join(server.port);
      assert.is(await peer.ended(), 'close_notify, fin');
      peer.fin();
      assert.match(await server.verdict(connection), /; prog exited 127$/);
    }
    assert.is(
      server.stderr.match(/ warning: \d: unable to run \S+: no such file or directory$/gm)?.length,
      2,
      server.stderr,
    );
    install(path, '2');
    const after = await live.join(server.port);
    await after.receives('version 2\n');
    for (const peer of [before, after]) {
      await echoes(peer);
      await end(peer);
    }
  },
);

test.run();
