import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eachProtocol, once, type Live } from './support/live.ts';
import type { Peer } from './support/peer.ts';
import type { Resident } from './support/resident.ts';

// Connections of s6-tlsserver that end in every way at once: each ends as that of s6-tlsd does, and none disturbs another.

/** Does what its first line asks for. */
const ACTOR = `read -r what; echo "got $what"
case $what in
  leave) exit 7 ;;
  half) exec >&-; wc -c >&2; exit 8 ;;
  crash) kill -SEGV $$ ;;
  *) cat; exit 9 ;;
esac`;

/** `heard`: what the peer says after prog's EOF, as far as prog gets it (docs/closing-semantics.md). */
const POLICIES = {
  '-s': { ours: 'fin', sent: 'fin', heard: { 'TLSv1.2': 1000, 'TLSv1.3': 1000 } },
  '-S': { ours: 'close_notify, fin', sent: 'close_notify', heard: { 'TLSv1.2': 0, 'TLSv1.3': 0 } },
  '-N': { ours: 'close_notify, fin', sent: 'close_notify', heard: { 'TLSv1.2': 0, 'TLSv1.3': 1000 } },
} as const;

const greeted = async (live: Live, server: Resident, what: string): Promise<Peer> => {
  const peer = await live.join(server.port);
  await peer.send(`${what}\n`);
  await peer.receives(`got ${what}\n`);
  return peer;
};

/** The verdict of a connection without its time, and without what came out. */
const verdict = async (server: Resident, connection: number): Promise<string> =>
  (await server.verdict(connection)).replace(/ out \d+; \d+ ms/, '');

for (const workers of ['-w0', '-w2'])
  for (const [policy, { ours, sent, heard: heardIn }] of Object.entries(POLICIES))
    eachProtocol(
      `${workers} ${policy}: every ending at once, and each connection has its own verdict`,
      async (live) => {
        const heard = heardIn[live.protocol];
        const server = await live.resident({ options: [workers, policy, '-v2'], prog: ['sh', '-c', ACTOR] });
        // One after the other, so that their numbers are known; then all are open.
        const notify = await greeted(live, server, 'stay');
        const fin = await greeted(live, server, 'stay');
        const reset = await greeted(live, server, 'stay');
        const cut = await greeted(live, server, 'stay');
        const alert = await greeted(live, server, 'stay');
        const half = await greeted(live, server, 'half');
        const crash = await greeted(live, server, 'crash');
        const leave = await greeted(live, server, 'leave');
        const garbage = await live.join(server.port, { handshake: 'none' });
        await garbage.raw('GET / HTTP/1.0\r\n\r\n');

        await cut.finInsideRecord('hello', 3);
        reset.reset();
        fin.fin();
        await alert.fatalAlert();
        await notify.closeNotify();
        notify.fin();
        for (const peer of [notify, fin, cut, half, crash, leave]) assert.is(await peer.ended(), ours);
        assert.is(await alert.ended(), 'fin');
        await half.send(Buffer.alloc(1000));
        await half.closeNotify();
        for (const peer of [half, crash, leave, alert]) peer.fin();
        await garbage.ended();

        const stayed = 'in 5; prog exited 9';
        // TLS 1.2 answers close_notify at once, whether prog is done or not.
        const answered = live.protocol === 'TLSv1.2' && policy !== '-s' ? '(by eof|still writing)' : 'by eof';
        const notified = `^peer first by close_notify, prog ${answered}; sent ${sent}; ${stayed}$`;
        assert.match(await verdict(server, 1), new RegExp(notified));
        assert.is(await verdict(server, 2), `peer first by fin, prog by eof; sent ${sent}; ${stayed}`);
        assert.is(await verdict(server, 3), `peer first by reset, prog still writing; sent nothing; ${stayed}`);
        assert.is(await verdict(server, 4), `peer first by fin inside a record, prog by eof; sent ${sent}; ${stayed}`);
        const alerted = 'peer first by alert bad_record_mac, prog still writing; sent nothing';
        assert.is(await verdict(server, 5), `${alerted}; ${stayed}`);
        const first = 'prog first by eof, peer by';
        const halved = `in ${5 + heard}; prog exited 8`;
        assert.is(await verdict(server, 6), `${first} close_notify; sent ${sent}; ${halved}`);
        assert.is(await verdict(server, 7), `${first} fin; sent ${sent}; in 6; prog was killed by signal 11`);
        assert.is(await verdict(server, 8), `${first} fin; sent ${sent}; in 6; prog exited 7`);
        assert.is(await verdict(server, 9), 'handshake failed, http request; sent nothing; in 0; prog not run');
        assert.equal(warnings(server), [
          '3: unable to talk to the peer: ECONNRESET',
          '4: unable to carry on with TLS: the peer ended in the middle of a record, 3 bytes short',
          '5: unable to carry on with TLS: the peer sent alert bad_record_mac',
          '9: unable to complete the TLS handshake: http request',
        ]);
        assert.match(server.stderr, new RegExp(`^${heard}$`, 'm'));
      },
    );

/** Their order is that in which things happened. */
const warnings = (server: Resident): readonly string[] =>
  [...server.stderr.matchAll(/^s6-tlsserver: warning: (.*)$/gm)].map(([, line = '']) => line).sort();

eachProtocol('-J: a peer without close_notify is a warning, and the server lives', async (live) => {
  const server = await live.resident({ options: ['-J'], prog: ['cat'] });
  const silent = await live.join(server.port);
  silent.fin();
  assert.is(await silent.ended(), 'fin');
  await server.says(/\n/);
  const heard = await live.join(server.port);
  await heard.send('x');
  await heard.receives('x');
  await heard.closeNotify();
  heard.fin();
  assert.is(await heard.ended(), 'fin');
  await server.stop();
  assert.is(
    server.stderr,
    's6-tlsserver: warning: 1: unable to carry on with TLS: the peer ended without close_notify\n',
  );
});

for (const [prog, code, reason] of [
  ['no-such-program-anywhere', 127, 'no such file or directory'],
  ['/proc', 126, 'permission denied'],
] as const)
  for (const workers of ['-w0', '-w1'])
    eachProtocol(`${workers}: ${prog} cannot be run: a line and an orderly end, each time`, async (live) => {
      const server = await live.resident({ options: [workers, '-S', '-v2'], prog: [prog] });
      for (const connection of [1, 2]) {
        const peer = await live.join(server.port);
        assert.is(await peer.ended(), 'close_notify, fin');
        peer.fin();
        assert.match(await server.verdict(connection), new RegExp(`; prog exited ${code}$`));
      }
      assert.equal(
        warnings(server),
        [1, 2].map((connection) => `${connection}: unable to run ${prog}: ${reason}`),
      );
    });

once('-v0 says nothing, -v3 says whose every line is', async (live) => {
  for (const [level, expected] of [
    ['-v0', /^$/],
    ['-v3', /^(s6-tlsserver: info: listening on \d+\n)(s6-tlsserver: (info|warning): [12]: [^\n]+\n)+$/],
  ] as const) {
    const server = await live.resident({ options: [level], prog: ['cat'] });
    const peers = [await greetedBack(live, server), await live.join(server.port, { handshake: 'none' })];
    await peers[1]?.raw('GET / HTTP/1.0\r\n\r\n');
    for (const peer of peers) {
      peer.fin();
      await peer.ended();
    }
    await server.stop();
    assert.match(server.stderr, expected);
  }
});

const greetedBack = async (live: Live, server: Resident): Promise<Peer> => {
  const peer = await live.join(server.port);
  await peer.send('x');
  await peer.receives('x');
  return peer;
};

test.run();
