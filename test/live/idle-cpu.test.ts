import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { once, type Live } from './support/live.ts';
import type { Peer } from './support/peer.ts';
import { processorTime } from './support/processor-time.ts';

// A connection of which a part has ended, and on which nothing happens, costs no processor time: an end that is polled again and
// again would.

/** Milliseconds: what is waited, and what it may cost. */
const WAIT = 10_000;
const ALLOWED = 200;

/** What prog does before it sleeps, and what of the peer has ended. */
const STATES: readonly (readonly [title: string, prog: string, ended: (peer: Peer) => void | Promise<void>])[] = [
  ['the peer has sent FIN', ':', (peer) => peer.fin()],
  ['the peer has sent close_notify and FIN', ':', async (peer) => peer.closeNotify().then(() => peer.fin())],
  ['prog has closed its stdout', 'exec >&-', () => undefined],
  ['prog has closed its stdin', 'exec <&-', () => undefined],
  ['prog has closed both, and runs', 'exec <&- >&-', (peer) => peer.fin()],
  ['prog has closed its stdin, and the peer has sent FIN', 'exec <&-', (peer) => peer.fin()],
];

const prog = (before: string): readonly string[] => [
  'sh',
  '-c',
  `echo ready; ${before}; echo done >&2; exec sleep 60 2>&-`,
];

const halfEnded = async (peer: Peer, ended: (typeof STATES)[number][2]): Promise<void> => {
  await peer.receives('ready\n');
  await ended(peer);
};

/** What a process does over the time that it is waited for. */
const cost = async (pid: number): Promise<number> => {
  const before = processorTime(pid);
  await new Promise((resolve) => setTimeout(resolve, WAIT));
  return processorTime(pid) - before;
};

once(`s6-tlsd -N: less than ${ALLOWED} ms in ${WAIT} ms, whatever has ended`, async (live) => {
  await Promise.all(
    STATES.map(async ([title, before, ended]) => {
      const { peer, tlsd } = await live.meet({ options: ['-N'], prog: prog(before) });
      await halfEnded(peer, ended);
      await tlsd.says(/^done$/m);
      const spent = await cost(tlsd.pid);
      assert.ok(spent < ALLOWED, `${title}: ${spent} ms`);
      assert.not(tlsd.hasExited, title);
      tlsd.signal('SIGTERM');
      peer.fin();
      assert.is(await tlsd.exit(), 143, title);
    }),
  );
});

once(`s6-tlsserver -N: 60 connections together less than ${ALLOWED} ms in ${WAIT} ms`, async (live: Live) => {
  // The peer's first words say what prog is to do.
  const server = await live.resident({
    options: ['-N', '-c', '100'],
    prog: ['sh', '-c', 'read -r line; eval "$line"'],
  });
  const peers = await Promise.all(
    Array.from({ length: 10 }, () => STATES).flatMap((states) =>
      states.map(async ([, before, ended]) => {
        const peer = await live.join(server.port);
        await peer.send(`${prog(before)[2] ?? ''}\n`);
        await halfEnded(peer, ended);
        return peer;
      }),
    ),
  );
  await server.says(new RegExp(`^(done\\n){${peers.length}}`));
  const spent = await cost(server.pid);
  assert.ok(spent < ALLOWED, `${spent} ms`);
  assert.not(server.hasExited);
  server.signal('SIGQUIT');
  await server.exit();
});

test.run();
