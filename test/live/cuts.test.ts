import { readdirSync } from 'node:fs';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { childrenOf } from './support/family.ts';
import { eachProtocol } from './support/live.ts';
import type { Peer } from './support/peer.ts';
import { cutAfter } from './support/senders.ts';
import { poll, within } from './support/watch.ts';

// Connections that are cut at random bytes of what the peer says, by FIN and by RST.

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
process.stderr.write(`cuts.test.ts: SEED=${seed}\n`);

/** Connections, of each program; half of them for each protocol. */
const CUTS = 300;
/** Connections at the same time. */
const LANES = 4;
/** Bytes of cleartext, one record each; the first two have the same length, which tells that of the handshake. */
const CHUNKS = [100, 100, 1, 5000, 16_384].map((length) => Buffer.alloc(length, 'x'));

const PROG = [
  'sh',
  '-c',
  'n=$(wc -c); echo "connection ${TCPREMOTEPORT:-of s6-tlsd} read $n" >&2; echo "answer $n"; exit 5',
];
const OPTIONS = [['-s'], ['-S', '-J'], ['-N']] as const;

interface Cut {
  readonly options: (typeof OPTIONS)[number];
  readonly by: 'FIN' | 'RST';
  /** Bytes of the peer's ciphertext that come. */
  readonly at: number;
}

/** What the peer says when it is not cut, in bytes from its first one. */
interface Session {
  readonly handshake: number;
  /** After each record: the ciphertext up to there, and the cleartext in it. */
  readonly ends: readonly { readonly ciphertext: number; readonly cleartext: number }[];
  readonly all: number;
}

const recorded = async (peer: Peer): Promise<Session> => {
  const ends = [];
  let cleartext = 0;
  for (const chunk of CHUNKS) {
    await peer.send(chunk);
    cleartext += chunk.length;
    ends.push({ ciphertext: peer.ciphertextSaid, cleartext });
  }
  await peer.closeNotify();
  peer.fin();
  await peer.ended();
  const [first, second] = ends.map(({ ciphertext }) => ciphertext) as [number, number];
  return { handshake: first - (second - first), ends, all: peer.ciphertextSaid };
};

const cutsOf = (session: Session): readonly Cut[] =>
  fc.sample(
    fc.record({
      options: fc.constantFrom(...OPTIONS),
      by: fc.constantFrom('FIN' as const, 'RST' as const),
      at: fc.oneof(
        fc.nat({ max: session.handshake }),
        fc.integer({ min: session.handshake, max: session.all - 1 }),
        fc.constantFrom(...session.ends.map(({ ciphertext }) => ciphertext)),
      ),
    }),
    { seed, numRuns: CUTS / 2 },
  );

/** Talks until it is cut. */
const talk = async (peer: Peer, { at, by }: Cut): Promise<void> => {
  let isCut = false;
  const cut = new Promise<void>((resolve) => {
    peer.sendBy(
      cutAfter(at, by, () => {
        isCut = true;
        resolve();
      }),
    );
  });
  peer.startTls();
  const secured = new Promise<void>((resolve) => peer.tls.once('secureConnect', resolve));
  const talked = secured.then(async () => {
    for (const chunk of CHUNKS) if (!isCut) await peer.send(chunk);
    if (!isCut) await peer.closeNotify();
  });
  await within('the cut', Promise.race([cut, talked.then(() => cut)]));
  if (by === 'FIN') await peer.ended();
};

/** What must come of a cut: how much prog reads, if it is run, and whether what came is a number of whole records. */
const expected = ({ handshake, ends }: Session, { at }: Cut): { heard: number | undefined; whole: boolean } => {
  if (at < handshake) return { heard: undefined, whole: false };
  const last = ends.findLast(({ ciphertext }) => ciphertext <= at) ?? { ciphertext: handshake, cleartext: 0 };
  return { heard: last.cleartext, whole: last.ciphertext === at };
};

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
  await inLanes(cutsOf(session), async (cut) => {
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
    const cuts = cutsOf(session).filter((cut) => cut.options === options);
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
      // Nobody hears its answer to a reset.
      const end =
        heard === undefined
          ? 'prog not run'
          : cut.by === 'FIN'
            ? 'prog exited 5'
            : 'prog (exited 5|was killed by signal 13)';
      assert.match(verdict, new RegExp(`; ${end}$`), JSON.stringify(cut));
    });
    assert.is(verdictsIn(server.stderr), cuts.length + 1);
    await poll('as many descriptors as before', () => descriptors(server.pid) <= idle);
    assert.equal(childrenOf(server.pid), []);
  });

const descriptors = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

test.run();
