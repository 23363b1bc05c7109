import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { firstWords, onWires } from './support/opened.ts';
import { oneSocket, twoPipes, twoSockets } from './support/wiring.ts';

const WIRINGS = {
  'one socket': () => oneSocket('tcp'),
  'one unix socket': () => oneSocket('unix'),
  'two sockets': twoSockets,
  'two pipes': twoPipes,
};

/** Everything sent is in the kernel. */
const sent = (socket: Socket, bytes: number): Promise<void> =>
  new Promise((resolve) => void socket.write(Buffer.alloc(bytes, 'i'), () => resolve()));

for (const [wiring, wire] of Object.entries(WIRINGS)) {
  onWires(`${wiring}: nothing is read until it is wanted, and everything then`, wire, async (opened) => {
    await sent(opened.wires.toChild, 5_000);
    assert.equal((await opened.look()).pending, false);
    assert.equal(opened.log, []);
    opened.do('read');
    await opened.until('the bytes', () => opened.log[0] === 5_000);
  });

  onWires(`${wiring}: the peer's FIN is the end, and we can still write`, wire, async (opened) => {
    opened.do('read');
    opened.wires.toChild.end('hello');
    await opened.until('from: end');
    assert.equal(opened.log, [5, 'from: end']);
    opened.write(3, 4);
    await opened.until('taken');
    opened.wires.fromChild.resume();
    await opened.until('the answer', () => opened.received === 7);
    assert.not.ok(opened.fin);
  });

  onWires(`${wiring}: our FIN comes after what was written, and the peer can still talk`, wire, async (opened) => {
    opened.do('read');
    opened.write(100_000, 1);
    opened.do('end');
    opened.wires.fromChild.resume();
    await opened.until('the end of output', () => opened.fin);
    assert.is(opened.received, 100_001);
    await opened.until('end taken');
    await sent(opened.wires.toChild, 9);
    await opened.until('the bytes', () => opened.log.includes(9));
    assert.equal(opened.log, ['taken', 'end taken', 9]);
  });

  onWires(`${wiring}: what the kernel has not taken is pending`, wire, async (opened) => {
    opened.write(20_000_000);
    assert.ok((await opened.look()).pending);
    assert.equal(opened.log, []);
    opened.wires.fromChild.resume();
    await opened.until('taken');
    assert.not.ok((await opened.look()).pending);
    await opened.until('all of it', () => opened.received === 20_000_000);
  });

  onWires(`${wiring}: closing ends both directions at once, and no file becomes fd 0 or fd 1`, wire, async (opened) => {
    await opened.until('a look', () => true);
    const before = (await opened.look()).nextFd;
    opened.do('close');
    opened.wires.fromChild.resume();
    await opened.until('the end of output', () => opened.fin);
    const { links, nextFd } = await opened.look();
    assert.equal(links, ['/dev/null', '/dev/null']);
    assert.ok(nextFd > 2 && nextFd <= before + 1, `${before}, then ${nextFd}`);
    // Again, and everything else, is harmless.
    opened.do('close');
    opened.write(5);
    opened.do('end');
    opened.do('read');
    assert.equal((await opened.look()).links, ['/dev/null', '/dev/null']);
    assert.equal(opened.log, ['closed', 'closed']);
  });

  onWires(`${wiring}: what the kernel has taken is delivered although we close`, wire, async (opened) => {
    opened.write(10_000);
    await opened.until('taken');
    opened.do('close');
    await opened.until('closed');
    opened.wires.fromChild.resume();
    await opened.until('the end of output', () => opened.fin);
    assert.is(opened.received, 10_000);
  });

  onWires(
    `${wiring}: when a write fails, what the peer has said is told first, wanted or not`,
    wire,
    async (opened) => {
      const { toChild, fromChild } = opened.wires;
      // More than one read takes, where the kernel holds as much.
      const much = wiring === 'two pipes' ? 60_000 : 100_000;
      opened.write(10);
      await opened.until('taken');
      opened.log.length = 0;
      await opened.whileStopped(async () => {
        await sent(toChild, much);
        // Our ten bytes are still unread: that makes the end of a socket a reset.
        if (toChild !== fromChild) toChild.destroy();
        fromChild.destroy();
        await once(fromChild, 'close');
      });
      // The first write may only provoke the reset.
      opened.write(10);
      await opened.look();
      opened.write(10);
      await opened.until('the fault', () => opened.log.some((event) => String(event).startsWith('unwritable')));
      const told = opened.log.filter((event) => event !== 'taken');
      assert.is(told[0], much);
      assert.match(String(told[1]), /^from: reset (EPIPE|ECONNRESET)$/);
      assert.match(String(told[2]), /^unwritable: reset (EPIPE|ECONNRESET)$/);
      assert.is(told.length, 3);
      // And that was all.
      opened.write(1);
      await opened.look();
      assert.is(opened.log.filter((event) => event !== 'taken').length, 3);
    },
  );
}

for (const [what, bytes] of [
  ['with data before it', 5],
  ['alone', 0],
] as const) {
  onWires(
    `a reset ${what}, all there at once, is a reset although libuv takes it for an EOF`,
    oneSocket,
    async (opened) => {
      opened.do('read');
      await opened.look();
      await opened.whileStopped(async () => {
        if (bytes > 0) await sent(opened.wires.toChild, bytes);
        opened.wires.toChild.resetAndDestroy();
        await once(opened.wires.toChild, 'close');
      });
      await opened.until('from: reset ECONNRESET');
      assert.equal(opened.log, [...(bytes > 0 ? [bytes] : []), 'from: reset ECONNRESET']);
    },
  );
}

for (const [command, told] of [
  ['end', 'unwritable: reset ENOTCONN'],
  ['end announced', 'end taken'],
] as const) {
  onWires(`FIN, reset, and then our own ${command}: ${told}`, oneSocket, async (opened) => {
    opened.do('read');
    opened.wires.toChild.end('hello');
    await opened.until('from: end');
    opened.wires.toChild.resetAndDestroy();
    opened.do(command);
    await opened.until(told);
    assert.equal(opened.log, [5, 'from: end', told]);
  });
}

onWires('a reset that comes while we read is one', oneSocket, async (opened) => {
  opened.do('read');
  await sent(opened.wires.toChild, 5);
  await opened.until('the bytes', () => opened.log.includes(5));
  opened.wires.toChild.resetAndDestroy();
  await opened.until('from: reset ECONNRESET');
  assert.equal(opened.log, [5, 'from: reset ECONNRESET']);
});

onWires('reading stops within a chunk when it is no longer wanted, and begins again', oneSocket, async (opened) => {
  opened.do('read');
  await sent(opened.wires.toChild, 10);
  await opened.until('the bytes', () => opened.log.includes(10));
  opened.do('stop reading');
  await opened.look();
  await sent(opened.wires.toChild, 100);
  await opened.look();
  assert.equal(opened.log, [10]);
  opened.do('read');
  await opened.until('the rest', () => opened.log[0] === 110);
});

for (const [wiring, wire] of [
  ['two sockets', twoSockets],
  ['two pipes', twoPipes],
] as const) {
  onWires(
    `${wiring}: a peer that reads no more, but stays, is not waited for when a write fails`,
    wire,
    async (opened) => {
      await sent(opened.wires.toChild, 1_000);
      opened.wires.fromChild.destroy();
      await once(opened.wires.fromChild, 'close');
      opened.write(10);
      await opened.look();
      opened.write(10);
      await opened.until('the fault', () => opened.log.some((event) => String(event).startsWith('unwritable')));
      assert.is(opened.log.filter((event) => event !== 'taken')[0], 1_000);
    },
  );
}

for (const fd of [0, 1]) {
  for (const [what, path] of [
    ['a file', '/etc/passwd'],
    ['a device', '/dev/null'],
    ['a terminal', '/dev/ptmx'],
  ] as const) {
    test(`${what} on fd ${fd} is Death 111`, async () => {
      const opened = openSync(path, path === '/etc/passwd' ? 'r' : 'r+');
      const stdio = ['pipe', 'pipe', 'inherit', 'ipc'] as (number | 'pipe' | 'inherit' | 'ipc')[];
      stdio[fd] = opened;
      try {
        assert.is(await firstWords(stdio), `111 unable to use fd ${fd}: neither a socket nor a pipe`);
      } finally {
        closeSync(opened);
      }
    });
  }
}

test.run();
