import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eachProtocol, once, type Live, type Order } from './support/live.ts';
import { traceDirectory } from './support/traced.ts';

// A trace or a key log that cannot be written never harms the connection: one warning, and no more.

const directory = traceDirectory();
const path = (name: string): string => join(directory, name);

/** A connection that carries 3 MB, whose prog exits 7; what was said on fd 2. */
const carry = async (live: Live, order: Partial<Order>): Promise<string> => {
  const { peer, tlsd } = await live.meet({
    prog: ['sh', '-c', 'head -c 3000000 /dev/zero; exit 7'],
    discard: true,
    ...order,
    options: ['-S', ...(order.options ?? [])],
  });
  assert.is(await peer.ended(), 'close_notify, fin');
  assert.is(peer.received, 3_000_000);
  peer.fin();
  assert.is(await tlsd.exit(), 7);
  return tlsd.stderr;
};

execFileSync('mkfifo', [path('unread')]);

for (const [name, reason] of [
  [directory, 'illegal operation on a directory'],
  [path('missing/file'), 'no such file or directory'],
  [path('unread'), 'no such device or address'],
  ['/dev/full', 'no space left on device'],
] as const) {
  eachProtocol(`neither trace nor keys can go to a file: ${reason}`, async (live) => {
    assert.is(
      await carry(live, { options: [`--trace=${name}`] }),
      `s6-tlsd: warning: unable to trace to ${name}: ${reason}\n`,
    );
    assert.is(
      await carry(live, { options: [`--keylog=${name}`] }),
      `s6-tlsd: warning: unable to write keys to ${name}: ${reason}\n`,
    );
    assert.is(await carry(live, { options: ['-v0', `--trace=${name}`, `--keylog=${name}`] }), '');
  });
}

once('a FIFO whose reader does not read is not waited for', async (live) => {
  execFileSync('mkfifo', [path('slow')]);
  const reader = openSync(path('slow'), constants.O_RDONLY | constants.O_NONBLOCK);
  const told = await carry(live, { options: ['--trace-content', `--trace=${path('slow')}`] });
  closeSync(reader);
  assert.is(told, `s6-tlsd: warning: unable to trace to ${path('slow')}: resource temporarily unavailable\n`);
});

once('a limit to the size of files does not kill by SIGXFSZ', async (live) => {
  // POSIX counts in blocks of 512 bytes, some shells in 1024.
  const under = ['sh', '-c', 'ulimit -f 4; exec "$@"', 'sh'];
  const file = path('limited');
  assert.is(
    await carry(live, { under, options: [`--trace=${file}`] }),
    `s6-tlsd: warning: unable to trace to ${file}: file too large\n`,
  );
  assert.ok([2048, 4096].includes(statSync(file).size));
});

once('a bad trace does not spoil the key log, nor the other way round', async (live) => {
  const [trace, keys] = [path('good.trace'), path('good.keys')];
  await carry(live, { options: ['--trace=/dev/full', `--keylog=${keys}`] });
  assert.ok(statSync(keys).size > 0);
  await carry(live, { options: [`--trace=${trace}`, '--keylog=/dev/full'] });
  assert.ok(statSync(trace).size > 0);
});

test.run();
