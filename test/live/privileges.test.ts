import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { certificates, pem } from '../fixtures/certificates.ts';
import { installed, skip } from '../support/live-skips.ts';
import { eachProtocol, once, type Live, type Meeting, type Order } from './support/live.ts';
import { field } from './support/tlsd.ts';
import { poll } from './support/watch.ts';

// Spec section 3: as root, everything that parses bytes from the network runs as TLS_UID and TLS_GID; prog does not.

const IDS = { TLS_UID: '65534', TLS_GID: '65533' };
/** Root with supplementary groups, which must be gone after the drop and be back for prog. */
const UNDER = ['setpriv', '--groups', '1,2,3', '--'];

const dropped = async (pid: number): Promise<void> => {
  // The drop happens without a word: the only witness is /proc.
  await poll('the uid', () => field(pid, 'Uid') === four('65534'));
  await poll('the gid', () => field(pid, 'Gid') === four('65533'));
  assert.is(field(pid, 'Groups').trim(), '');
  assert.match(field(pid, 'CapEff'), /^0+$/);
  assert.match(field(pid, 'CapPrm'), /^0+$/);
};

const four = (id: string): string => Array<string>(4).fill(id).join('\t');

const meet = (live: Live, order: Partial<Order> = {}): Promise<Meeting> =>
  live.meet({ under: UNDER, env: IDS, prog: ['cat'], handshake: 'none', ...order });

const asRoot = process.getuid?.() === 0;
if (!asRoot) skip('privileges: this needs root');

if (asRoot && installed('setpriv', 'privileges')) {
  eachProtocol(
    'the engine has no privileges before the first byte of the peer comes, nor later; prog has all',
    async (live) => {
      const { peer, tlsd } = await meet(live, {
        options: ['-S'],
        prog: ['sh', '-c', 'cat /proc/self/status; env | grep -c ^SSL_; echo done; read -r line; exit 5'],
      });
      await dropped(tlsd.pid);
      peer.startTls();
      await peer.secured();
      await peer.receives('done');
      await dropped(tlsd.pid);
      await peer.closeNotify();
      peer.fin();
      await peer.ended();
      assert.match(peer.text, /^Uid:\s+0\s+0\s+0\s+0$/m);
      assert.match(peer.text, /^Gid:\s+0\s+0\s+0\s+0$/m);
      assert.match(peer.text, /^Groups:\s+1 2 3\s*$/m);
      assert.match(peer.text, /^2$/m);
      assert.is(await tlsd.exit(), 5, tlsd.stderr);
    },
  );

  once('all threads of the engine are without privileges', async (live) => {
    const { readdirSync } = await import('node:fs');
    const { peer, tlsd } = await meet(live);
    await dropped(tlsd.pid);
    for (const thread of readdirSync(`/proc/${String(tlsd.pid)}/task`)) await dropped(Number(thread));
    peer.fin();
    assert.is(await tlsd.exit(), 98);
  });

  eachProtocol('prog gets real pipes, its own environment, and the SSL_ variables', async (live) => {
    const { client, clientCa } = certificates();
    const { peer, tlsd } = await meet(live, {
      options: ['-s', '-y'],
      env: { ...IDS, CAFILE: clientCa.certFile, OTHER: 'kept' },
      prog: ['sh', '-c', 'test -p /dev/stdin && echo x >/dev/stdout; env | sort'],
      servername: 'shop.example',
      ...pem(client),
      handshake: 'finished',
    });
    peer.fin();
    await peer.ended();
    assert.is(await tlsd.exit(), 0, tlsd.stderr);
    assert.match(peer.text, /^x$/m);
    assert.match(peer.text, /^OTHER=kept$/m);
    assert.match(peer.text, new RegExp(`^SSL_PROTOCOL=${live.protocol}$`, 'm'));
    assert.match(peer.text, /^SSL_TLS_SNI_SERVERNAME=shop\.example$/m);
    assert.match(peer.text, /^SSL_PEER_CERT_HASH=SHA256:[0-9a-f]{64}$/m);
    assert.not.match(peer.text, /^(TLS_UID|TLS_GID|KEYFILE|CERTFILE|CAFILE)=/m);
  });

  once('signals and exit codes pass through', async (live) => {
    const first = await meet(live, {
      prog: ['sh', '-c', 'trap "echo bye; exit 3" TERM; echo ready; while :; do sleep 0.02; done'],
      handshake: 'finished',
    });
    await first.peer.receives('ready');
    first.tlsd.signal('SIGTERM');
    await first.peer.ended();
    assert.is(first.peer.text, 'ready\nbye\n');
    first.peer.fin();
    assert.is(await first.tlsd.exit(), 143, first.tlsd.stderr);
    const second = await meet(live, { prog: ['sh', '-c', 'kill -9 $$'], handshake: 'finished' });
    second.peer.fin();
    assert.is(await second.tlsd.exit(), 137, second.tlsd.stderr);
  });

  once('a prog that is not there is 127, one that cannot be run 126', async (live) => {
    for (const [prog, status] of [
      ['no-such-program-anywhere', 127],
      ['/proc', 126],
    ] as const) {
      const { peer, tlsd } = await meet(live, { options: ['-S'], prog: [prog], handshake: 'finished' });
      assert.is(await peer.ended(), 'close_notify, fin');
      peer.fin();
      assert.is(await tlsd.exit(), status, tlsd.stderr);
      assert.ok(tlsd.stderr.includes(prog), tlsd.stderr);
    }
  });

  once('one of the two alone changes only that one', async (live) => {
    const byUid = await meet(live, { env: { TLS_UID: '65534' } });
    await poll('the uid', () => field(byUid.tlsd.pid, 'Uid') === four('65534'));
    assert.is(field(byUid.tlsd.pid, 'Groups').trim(), '');
    byUid.peer.fin();
    assert.is(await byUid.tlsd.exit(), 98);
    const byGid = await meet(live, { env: { TLS_GID: '65533' } });
    await poll('the gid', () => field(byGid.tlsd.pid, 'Gid') === four('65533'));
    assert.is(field(byGid.tlsd.pid, 'Uid'), four('0'));
    byGid.peer.fin();
    assert.is(await byGid.tlsd.exit(), 98);
  });

  once('a failed handshake leaves no launcher behind', async (live) => {
    const { peer, tlsd } = await meet(live, { prog: ['sh', '-c', 'echo "R"AN >&2'] });
    await peer.raw('GET / HTTP/1.0\r\n\r\n');
    await peer.ended();
    assert.is(await tlsd.exit(), 98);
    assert.not.match(tlsd.stderr, /RAN/);
  });
}

test.run();
