import { readdirSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { childrenOf, workersOf } from './support/family.ts';
import { once, type Live } from './support/live.ts';
import type { Peer } from './support/peer.ts';
import type { Resident } from './support/resident.ts';
import { poll } from './support/watch.ts';

// After many connections that ended in every way nothing of them is left in s6-tlsserver.

const CONNECTIONS = 300;
const AT_ONCE = 10;

/** Does what its first line asks for. */
const PROG = `read -r what; echo "got $what"
case $what in
  leave) exit 7 ;;
  half) exec >&-; cat >/dev/null; exit 8 ;;
  deaf) exec <&-; echo deaf; exit 9 ;;
  crash) kill -SEGV $$ ;;
  *) cat ;;
esac`;

/** One connection from its beginning to its end, however that comes. */
type Ending = (peer: Peer) => Promise<unknown>;

const asks = async (peer: Peer, what: string): Promise<void> => {
  await peer.secured();
  await peer.send(`${what}\n`);
  await peer.receives(`got ${what}\n`);
};

const ENDINGS: Readonly<Record<string, Ending>> = {
  async fin(peer) {
    await asks(peer, 'stay');
    peer.fin();
    return peer.ended();
  },
  async closeNotify(peer) {
    await asks(peer, 'stay');
    await peer.closeNotify();
    peer.fin();
    return peer.ended();
  },
  async reset(peer) {
    await asks(peer, 'stay');
    peer.reset();
  },
  async cut(peer) {
    await asks(peer, 'stay');
    await peer.finInsideRecord('hello', 3);
    return peer.ended();
  },
  async alert(peer) {
    await asks(peer, 'stay');
    await peer.fatalAlert();
    peer.fin();
    return peer.ended();
  },
  async leave(peer) {
    await asks(peer, 'leave');
    peer.fin();
    return peer.ended();
  },
  async half(peer) {
    await asks(peer, 'half');
    peer.fin();
    return peer.ended();
  },
  async deaf(peer) {
    await asks(peer, 'deaf');
    peer.fin();
    return peer.ended();
  },
  async crash(peer) {
    await asks(peer, 'crash');
    peer.fin();
    return peer.ended();
  },
  async resetInHandshake(peer) {
    // One that is reset before it was accepted is passed over without a word.
    await peer.until('an answer', () => peer.bytes > 0);
    peer.reset();
  },
};

const UNFINISHED: Readonly<Record<string, Ending>> = {
  async garbage(peer) {
    await peer.connected();
    await peer.raw('GET / HTTP/1.0\r\n\r\n');
    await peer.ended();
    peer.fin();
  },
  async silence(peer) {
    await peer.connected();
    peer.fin();
    return peer.ended();
  },
};

const all: readonly (readonly [ending: Ending, handshake: false | 'none'])[] = [
  ...Object.values(ENDINGS).map((ending) => [ending, false] as const),
  ...Object.values(UNFINISHED).map((ending) => [ending, 'none'] as const),
];

/** So many at once, one after the other. */
const connections = async (live: Live, server: Resident): Promise<void> => {
  let begun = 0;
  const some = async (): Promise<void> => {
    while (begun < CONNECTIONS) {
      const [ending, handshake] = all[(begun += 1) % all.length] ?? [];
      const protocol = begun % 2 === 0 ? 'TLSv1.2' : 'TLSv1.3';
      const peer = await live.join(server.port, { protocol, handshake: handshake ?? false });
      await ending?.(peer);
      peer.destroy();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, some));
};

const family = ({ pid }: Resident): readonly number[] => [pid, ...workersOf(pid)];
const descriptors = (server: Resident): readonly number[] =>
  family(server).map((pid) => readdirSync(`/proc/${pid}/fd`).length);
const progs = (server: Resident): number => family(server).flatMap(childrenOf).length - workersOf(server.pid).length;

for (const workers of ['-w0', '-w2'])
  once(`${workers}: no descriptor and no process is left, and nothing keeps the server from its end`, async (live) => {
    const server = await live.resident({ options: [workers, '-v2'], prog: ['sh', '-c', PROG] });
    // What is loaded with the first connections stays.
    for (let each = 0; each < 2; each++) {
      const peer = await live.join(server.port);
      await ENDINGS['fin']?.(peer);
    }
    for (const number of [1, 2]) await server.verdict(number);
    await poll('no prog to be left', () => progs(server) === 0);
    const idle = descriptors(server);
    await connections(live, server);
    await poll('every verdict', () => (server.stderr.match(/: closed: /g)?.length ?? 0) === CONNECTIONS + 2, 20_000);
    await poll('no prog to be left', () => progs(server) === 0);
    await poll(`descriptors as before, ${idle.join(' and ')}`, () => String(descriptors(server)) === String(idle));
    // One of each, and each with a number of its own.
    const numbers = [...server.stderr.matchAll(/^s6-tlsserver: info: (\d+): closed: /gm)].map(([, number]) =>
      Number(number),
    );
    assert.is(new Set(numbers).size, CONNECTIONS + 2);
    assert.not.match(server.stderr, /fatal|^\s+at |Error/m);
    server.signal('SIGTERM');
    // Not a timer that has to run down first.
    const asked = performance.now();
    assert.is(await server.exit(), 0);
    assert.ok(performance.now() - asked < 5000);
  });

test.run();
