import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { certificates } from '../fixtures/certificates.ts';
import { installed, skip } from '../support/live-skips.ts';
import { eachProtocol, type Live, type Order } from './support/live.ts';
import { traceDirectory } from './support/traced.ts';

// Descriptors and processes that run out: limits on the program itself, lower and lower, until there is no room for prog.

/** A connection on which the peer says something and ends; what is seen of it. */
const connection = async (live: Live, order: Omit<Order, 'prog'>) => {
  const { peer, tlsd } = await live.meet({ ...order, options: ['-S', '-v2'], prog: ['cat'] });
  await peer.send('hello');
  await peer.closeNotify();
  peer.fin();
  const ending = await peer.ended();
  const status = await tlsd.exit();
  return { ending, status, text: peer.text, stderr: tlsd.stderr };
};

/**
 * Lowers the limit until a connection fails for the first time, and `further` times more. Each one before is whole, whatever
 * its TLS version answers; each one after ends in order, with `message`.
 */
const lower = async (
  live: Live,
  { from, further, message }: { from: number; further: number; message: RegExp },
  orderUnder: (limit: number) => Omit<Order, 'prog'>,
): Promise<void> => {
  let failed = 0;
  for (let limit = from; limit > 0 && failed <= further; limit--) {
    const { ending, status, text, stderr } = await connection(live, orderUnder(limit));
    const what = `limit ${limit}: exit ${status}, ${ending}, ${stderr}`;
    assert.is(ending, 'close_notify, fin', what);
    assert.match(stderr, /^(s6-tlsd: [^\n]+\n)+$/, what);
    if (failed === 0 && status === 0) {
      // TLS 1.2 answers close_notify at once.
      assert.ok(text === 'hello' || live.protocol === 'TLSv1.2', what);
      assert.match(stderr, /closed: .* in 5 out \d; \d+ ms; prog exited 0\n$/, what);
      continue;
    }
    failed += 1;
    assert.is(status, 111, what);
    assert.match(stderr, message, what);
    assert.is(text, '', what);
  }
  assert.is(failed, further + 1);
};

eachProtocol('111: no descriptor is left for prog', (live) =>
  // Some lower limits, and Node itself does not start.
  lower(
    live,
    { from: 30, further: 2, message: /^s6-tlsd: warning: unable to run cat: too many open files$/m },
    (limit) => ({
      under: ['sh', '-c', `ulimit -n ${limit}; exec "$@"`, 'sh'],
    }),
  ),
);

if (process.getuid?.() !== 0) skip('a limit of processes: this needs root, whom none binds, to become somebody else');
else if (installed('setpriv', 'a limit of processes') && installed('prlimit', 'a limit of processes')) {
  /** The limit counts all that a user runs: this one runs nothing else. */
  const user = String(60_000 + (process.pid % 5000));

  eachProtocol('111: no process is left for prog', (live) => {
    const env = keysForAll();
    const become = ['setpriv', '--reuid', user, '--regid', user, '--clear-groups', '--'];
    const message = /^s6-tlsd: warning: unable to run cat: resource temporarily unavailable$/m;
    return lower(live, { from: 24, further: 0, message }, (limit) => ({
      under: ['prlimit', `--nproc=${limit}`, ...become],
      env,
    }));
  });
}

/** A server's pair that every user can read, as variables. */
const keysForAll = (): { readonly KEYFILE: string; readonly CERTFILE: string } => {
  const directory = traceDirectory();
  const { server, chainFile } = certificates();
  const copy = (source: string, name: string): string => {
    const path = join(directory, name);
    copyFileSync(source, path);
    chmodSync(path, 0o644);
    return path;
  };
  chmodSync(directory, 0o755);
  return { KEYFILE: copy(server.keyFile, 'key.pem'), CERTFILE: copy(chainFile, 'cert.pem') };
};

test.run();
