import { readdirSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { childrenOf } from './support/family.ts';
import { cutsOf, expected, OPTIONS, recorded, talk, type Cut, type Session } from './support/cut.ts';
import { eachProtocol } from './support/live.ts';
import type { Peer } from './support/peer.ts';
import { poll } from './support/watch.ts';

// Connections that are cut at random bytes of what the peer says, by FIN and by RST.

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
process.stderr.write(`cuts.test.ts: SEED=${seed}\n`);

/** Connections, of each program; half of them for each protocol. */
const CUTS = 300;
/** Connections at the same time. */
const LANES = 4;
const PROG = [
  'sh',
  '-c',
  'n=$(wc -c); echo "connection ${TCPREMOTEPORT:-of s6-tlsd} read $n" >&2; echo "answer $n"; exit 5',
];
/** `heard`: what prog says it has read, if it was run. A reset may destroy what came before it, the end of the handshake too. */
const judge = (session: Session, cut: Cut, { peer, heard }: { peer: Peer; heard: number | undefined }): void => {
  const most = expected(session, cut).heard;
  const what = JSON.stringify(cut);
  if (cut.by === 'RST') {
    assert.ok(heard === undefined || (most !== undefined && heard <= most), `${what}: prog has read ${heard}`);
    return;
  }
  assert.is(heard, most, what);
  assert.is(peer.text, most === undefined ? '' : `answer ${most}\n`, what);
};

const statuses = (session: Session, cut: Cut, heard: number | undefined): readonly number[] => {
  if (heard === undefined) return [98];
  if (cut.by === 'RST') return [111];
  return expected(session, cut).whole && !(cut.options as readonly string[]).includes('-J') ? [5] : [98];
};

/** Nobody hears prog's answer to a reset: it may die of that. */
const verdictOf = (session: Session, cut: Cut, heard: number | undefined): RegExp => {
  if (heard === undefined) return /^handshake failed, .*; prog not run$/;
  if (cut.by === 'RST') return /^peer first by reset, .*; prog (exited 5|was killed by signal 13)$/;
  const ending = expected(session, cut).whole ? 'fin' : 'fin inside a record';
  return new RegExp(`^peer first by ${ending}, prog by eof; .* in ${heard} .*; prog exited 5$`);
};

const inLanes = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
};

const bytesRead = (stderr: string, connection: string): number | undefined => {
  const bytes = new RegExp(`^connection ${connection} read (\\d+)$`, 'm').exec(stderr)?.[1];
  return bytes === undefined ? undefined : Number(bytes);
};

const verdictsIn = (stderr: string): number => [...stderr.matchAll(/ info: (\d+: )?closed: /g)].length;

eachProtocol(`s6-tlsd: ${CUTS / 2} connections cut at random bytes`, async (live) => {
  const session = await recorded((await live.meet({ prog: PROG })).peer);
  await inLanes(cutsOf(session, { seed, count: CUTS / 2 }), async (cut) => {
    const { peer, tlsd } = await live.meet({ options: ['-v2', ...cut.options], prog: PROG, handshake: 'none' });
    await talk(peer, cut);
    const status = await tlsd.exit();
    const heard = bytesRead(tlsd.stderr, 'of s6-tlsd');
    judge(session, cut, { peer, heard });
    assert.ok(statuses(session, cut, heard).includes(Number(status)), `${JSON.stringify(cut)}: exit ${status}`);
    assert.is(verdictsIn(tlsd.stderr), 1, tlsd.stderr);
  });
});

for (const options of OPTIONS)
  eachProtocol(`s6-tlsserver ${options.join(' ')}: its share of ${CUTS / 2} cuts at random bytes`, async (live) => {
    const server = await live.resident({ options: ['-v2', ...options], prog: PROG });
    const session = await recorded(await live.join(server.port));
    const cuts = cutsOf(session, { seed, count: CUTS / 2 }).filter((cut) => cut.options === options);
    await poll('the first one to be over', () => childrenOf(server.pid).length === 0);
    const idle = descriptors(server.pid);
    await inLanes(cuts, async (cut) => {
      const peer = await live.join(server.port, { handshake: 'none' });
      await peer.connected();
      const port = String(peer.localPort);
      // Who resets before that is not even a connection.
      const [, number] = await server.says(new RegExp(`^s6-tlsserver: info: (\\d+): from 127.0.0.1:${port}`, 'm'));
      await talk(peer, cut);
      const verdict = await server.verdict(Number(number));
      const heard = bytesRead(server.stderr, port);
      judge(session, cut, { peer, heard });
      assert.match(verdict, verdictOf(session, cut, heard), JSON.stringify(cut));
    });
    assert.is(verdictsIn(server.stderr), cuts.length + 1);
    await poll('as many descriptors as before', () => descriptors(server.pid) <= idle);
    assert.equal(childrenOf(server.pid), []);
  });

const descriptors = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

test.run();
