import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { certificates, pem } from '../fixtures/certificates.ts';
import { eachProtocol, once, type JoinOptions, type Live } from './support/live.ts';
import type { Peer } from './support/peer.ts';
import { KeyFiles, nameSeen, NEW, OLD, reload, RELOADED } from './support/renewed.ts';
import type { Resident } from './support/resident.ts';

// Sessions of TLS are resumed by tickets.

/** Says who serves it, and what it knows of TLS. */
const PROG = ['sh', '-c', 'echo "child of $PPID"; env | grep ^SSL_ | sort; echo said; exec cat'];

interface Visit {
  readonly peer: Peer;
  readonly reused: boolean;
  /** To be resumed by another; `undefined` when the server gave nothing of the kind. */
  readonly session: Buffer | undefined;
  readonly worker: string;
  /** All SSL_ variables of prog. */
  readonly variables: string;
}

const visit = async (live: Live, server: Resident, options: JoinOptions = {}): Promise<Visit> => {
  const peer = await live.join(server.port, { ...options, handshake: false });
  let session: Buffer | undefined;
  peer.tls.on('session', (given) => (session = given));
  // Tickets of TLS 1.3 come after the handshake, and before anything of prog's.
  await peer.receives('said\n');
  const [, worker = '', variables = ''] = /^child of (\d+)\n([^]*)said\n/.exec(peer.text) ?? [];
  return {
    peer,
    reused: peer.tls.isSessionReused(),
    session,
    worker,
    variables,
  };
};

const leave = async ({ peer }: Visit): Promise<void> => {
  peer.fin();
  await peer.ended();
};

const given = ({ session }: Visit): Buffer => {
  if (session === undefined) throw new Error('no session was given');
  return session;
};

for (const workers of ['-w0', '-w2'])
  eachProtocol(`${workers}: a session is resumed, again and again, and prog sees no difference`, async (live) => {
    const server = await live.resident({ options: [workers], prog: PROG });
    let last = await visit(live, server, { servername: 'shop.example' });
    const { variables } = last;
    assert.not(last.reused);
    assert.match(variables, /^SSL_TLS_SNI_SERVERNAME=shop\.example$/m);
    await leave(last);
    for (let each = 0; each < 3; each++) {
      const next = await visit(live, server, {
        servername: 'shop.example',
        session: given(last),
      });
      assert.ok(next.reused);
      assert.is(next.variables, variables);
      await leave(next);
      // TLS 1.2 gives no new ticket with a resumed session.
      if (next.session !== undefined) last = next;
    }
  });

eachProtocol('a session of one worker is resumed by the other', async (live) => {
  const server = await live.resident({ options: ['-w2'], prog: PROG });
  const first = await visit(live, server);
  const second = await visit(live, server, { session: given(first) });
  assert.is.not(second.worker, first.worker);
  assert.ok(second.reused);
  await leave(first);
  await leave(second);
});

for (const workers of ['-w0', '-w2'])
  eachProtocol(
    `${workers}: after SIGHUP a session is not resumed, and the client gets a full handshake`,
    async (live) => {
      const files = new KeyFiles(OLD);
      const server = await live.resident({
        options: [workers, '-v2'],
        env: files.env,
        prog: PROG,
      });
      const before = await visit(live, server);
      await leave(before);
      files.become(NEW);
      assert.is(await reload(server), RELOADED);
      const after = await visit(live, server, { session: given(before) });
      assert.not(after.reused);
      assert.is(nameSeen(after.peer), NEW.subject);
      await leave(after);
      const resumed = await visit(live, server, { session: given(after) });
      assert.ok(resumed.reused);
      await leave(resumed);
    },
  );

eachProtocol('keys that are refused at SIGHUP leave the tickets as they were', async (live) => {
  const files = new KeyFiles(OLD);
  const server = await live.resident({
    options: ['-v2'],
    env: files.env,
    prog: PROG,
  });
  const before = await visit(live, server);
  await leave(before);
  files.write('KEYFILE', NEW.key);
  assert.match(await reload(server), /the keys stay as they were/);
  const after = await visit(live, server, { session: given(before) });
  assert.ok(after.reused);
  await leave(after);
});

eachProtocol('the tickets of another server are no reason to fail', async (live) => {
  const [one, other] = [await live.resident({ prog: PROG }), await live.resident({ prog: PROG })];
  const first = await visit(live, one);
  await leave(first);
  const second = await visit(live, other, { session: given(first) });
  assert.not(second.reused);
  await leave(second);
});

for (const option of ['-y', '-Y'])
  for (const workers of ['-w0', '-w2'])
    eachProtocol(`${workers} ${option}: nothing is resumed, and each client shows its certificate`, async (live) => {
      const { client, clientCa } = certificates();
      const env = { CAFILE: clientCa.certFile };
      const server = await live.resident({
        options: [workers, option],
        env,
        prog: PROG,
      });
      const first = await visit(live, server, pem(client));
      await leave(first);
      assert.match(first.variables, /^SSL_PEER_CERT_HASH=/m);
      // A client that was given something to resume may try; one that was not has nothing to try.
      const second = await visit(live, server, {
        ...pem(client),
        ...(first.session && { session: first.session }),
      });
      assert.not(second.reused);
      assert.is(second.variables, first.variables);
      await leave(second);
    });

// RFC 6066 §3 forbids to resume a session of TLS 1.2 for another name, and nobody below us knows the first one.
for (const option of ['-k1', '-k2'])
  eachProtocol(`${option}: nothing is resumed, and each client gets the pair of its name`, async (live) => {
    const [a, , b] = certificates().sni;
    const env = {
      ...{ 'KEYFILE:a.example.org': a.keyFile, 'CERTFILE:a.example.org': a.certFile },
      ...{ 'KEYFILE:b.example.net': b.keyFile, 'CERTFILE:b.example.net': b.certFile },
    };
    const server = await live.resident({ options: ['-w2', option], env, prog: PROG });
    const first = await visit(live, server, { servername: a.subject });
    assert.is(nameSeen(first.peer), a.subject);
    for (const { subject } of [a, b]) {
      const again = await visit(live, server, {
        servername: subject,
        ...(first.session && { session: first.session }),
      });
      assert.not(again.reused);
      assert.is(nameSeen(again.peer), subject);
      assert.match(again.variables, new RegExp(`^SSL_TLS_SNI_SERVERNAME=${subject.replaceAll('.', '\\.')}$`, 'm'));
      await leave(again);
    }
    await leave(first);
  });

once('a session of one protocol is not resumed by the other', async (live) => {
  const server = await live.resident({ prog: PROG });
  const first = await visit(live, server, { protocol: 'TLSv1.2' });
  await leave(first);
  const second = await visit(live, server, {
    protocol: 'TLSv1.3',
    session: given(first),
  });
  assert.not(second.reused);
  assert.match(second.variables, /^SSL_PROTOCOL=TLSv1\.3$/m);
  await leave(second);
});

test.run();
