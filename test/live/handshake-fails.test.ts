import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { certificates, pem } from '../fixtures/certificates.ts';
import { skip } from '../support/live-skips.ts';
import { eachProtocol, once, type Live, type Meeting, type Order } from './support/live.ts';
import { ALERT, HANDSHAKE, record } from './support/records.ts';

// Spec section 4.2: the handshake fails. prog is never run, the peer gets the fitting alert, exit 98.

const meet = (live: Live, order: Partial<Order> = {}): Promise<Meeting> =>
  live.meet({ prog: ['sh', '-c', 'echo "R"AN >&2'], handshake: 'none', ...order });

const failed = async ({ peer, tlsd }: Meeting, alert?: RegExp): Promise<void> => {
  // The peer does nothing: TCP must be ended by us.
  await peer.ended();
  if (alert !== undefined) assert.match(peer.alert ?? 'no alert', alert);
  assert.is(await tlsd.exit(), 98);
  assert.not.match(tlsd.stderr, /RAN/);
  assert.match(tlsd.stderr, /^s6-tlsd: fatal: [^\n]+\n$/);
};

once('garbage instead of a ClientHello', async (live) => {
  const meeting = await meet(live);
  await meeting.peer.raw(Buffer.from('8f3c1d5e9a7b2c4d6e8f0a1b2c3d4e5f60718293a4b5c6d7e8f9', 'hex'));
  await failed(meeting);
});

once('a record that pretends to be a ClientHello', async (live) => {
  const meeting = await meet(live);
  await meeting.peer.raw(record(HANDSHAKE, Buffer.from([1, 0, 0, 40, ...Array<number>(40).fill(255)])));
  await failed(meeting, /./);
});

once('a record that is too long', async (live) => {
  const meeting = await meet(live);
  await meeting.peer.raw(record(HANDSHAKE, Buffer.alloc(0xffff, 1)));
  await failed(meeting, /record_overflow/);
});

once('plain HTTP', async (live) => {
  const meeting = await meet(live);
  await meeting.peer.raw('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await failed(meeting);
});

once('FIN at once', async (live) => {
  const meeting = await meet(live);
  meeting.peer.fin();
  await failed(meeting);
});

once('RST at once', async (live) => {
  const { peer, tlsd } = await meet(live);
  peer.reset();
  assert.is(await tlsd.exit(), 98);
  assert.not.match(tlsd.stderr, /RAN/);
  assert.match(tlsd.stderr, /^s6-tlsd: fatal: [^\n]+\n$/);
});

eachProtocol('half a ClientHello, then FIN', async (live) => {
  const meeting = await meet(live);
  const hello = await helloOf(meeting);
  await meeting.peer.raw(hello.subarray(0, hello.length / 2));
  meeting.peer.fin();
  await failed(meeting);
});

eachProtocol('a ClientHello, then FIN', async (live) => {
  const meeting = await meet(live);
  await meeting.peer.raw(await helloOf(meeting));
  meeting.peer.fin();
  await failed(meeting);
});

eachProtocol('a ClientHello, then RST', async (live) => {
  const { peer, tlsd } = await meet(live);
  await peer.raw(await helloOf({ peer, tlsd }));
  await peer.until('an answer', () => peer.records.length > 0);
  peer.reset();
  assert.is(await tlsd.exit(), 98);
  assert.not.match(tlsd.stderr, /RAN/);
});

once('close_notify instead of a handshake', async (live) => {
  const meeting = await meet(live);
  await meeting.peer.raw(record(ALERT, Buffer.from([1, 0])));
  await failed(meeting);
});

eachProtocol('close_notify in the middle of the handshake', async (live) => {
  const meeting = await meet(live);
  await meeting.peer.raw(await helloOf(meeting));
  await meeting.peer.until('an answer', () => meeting.peer.records.length > 0);
  await meeting.peer.raw(record(ALERT, Buffer.from([1, 0])));
  await failed(meeting);
});

eachProtocol('a fatal alert in the middle of the handshake', async (live) => {
  const meeting = await meet(live);
  await meeting.peer.raw(await helloOf(meeting));
  await meeting.peer.until('an answer', () => meeting.peer.records.length > 0);
  await meeting.peer.raw(record(ALERT, Buffer.from([2, 48])));
  await failed(meeting);
  assert.match(meeting.tlsd.stderr, /unknown[ _]ca/i);
});

once('a client that has nothing newer than TLS 1.1 gets protocol_version', async (live) => {
  const meeting = await meet(live, { protocol: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0', handshake: 'begun' });
  await failed(meeting, /protocol_version/);
});

eachProtocol('a client that shares no cipher gets handshake_failure', async (live) => {
  const ciphers = live.protocol === 'TLSv1.3' ? 'TLS_AES_128_CCM_SHA256' : 'AES128-SHA256';
  const meeting = await meet(live, { ciphers, handshake: 'begun' });
  await failed(meeting, /handshake_failure/);
});

eachProtocol('-y: a client without a certificate is refused', async (live) => {
  const meeting = await meet(live, {
    options: ['-y'],
    env: { CAFILE: certificates().clientCa.certFile },
    handshake: 'begun',
  });
  await failed(meeting, live.protocol === 'TLSv1.3' ? /certificate_required/ : /handshake_failure/);
  assert.is(meeting.peer.received, 0);
});

/** The alert as the peer's engine calls it, or its number on the wire. */
const REFUSED = {
  strangerClient: { alert: /^(unknown_ca|number 48)$/, reason: 'self-signed certificate' },
  expiredClient: { alert: /^(certificate_expired|number 45)$/, reason: 'certificate has expired' },
} as const;

for (const option of ['-Y', '-y']) {
  for (const who of ['strangerClient', 'expiredClient'] as const) {
    const { alert, reason } = REFUSED[who];
    const refused = async (live: Live, order: Partial<Order> = {}, told: RegExp | undefined = alert): Promise<void> => {
      const meeting = await meet(live, {
        options: [option],
        ...pem(certificates()[who]),
        handshake: 'begun',
        ...order,
        env: { CAFILE: certificates().clientCa.certFile, ...order.env },
      });
      await failed(meeting, told);
      assert.match(meeting.tlsd.stderr, `TLS handshake: the peer's certificate was refused: ${reason}\n`);
      assert.is(meeting.peer.received, 0);
    };

    eachProtocol(`${option}: the ${who} is refused by the alert that fits`, async (live) => {
      await refused(live);
    });

    eachProtocol(`${option} -k1: the ${who} is refused by the same alert under another name`, async (live) => {
      await refused(live, { options: [option, '-k1'], env: names(), servername: 'a.example.org' });
    });

    eachProtocol(`${option}: without koffi the ${who} is refused by the end of TCP`, async (live) => {
      await refused(live, { env: { NODE_OPTIONS: `--require ${withoutKoffi()}` } }, /^no alert$/);
    });

    if (process.getuid?.() === 0) {
      eachProtocol(`${option}: the ${who} is refused by the alert that fits, by an engine without privileges`, (live) =>
        refused(live, { env: { TLS_UID: '65534', TLS_GID: '65534' } }),
      );
    } else skip('alerts without privileges: this needs root');
  }

  eachProtocol(`${option}: a certificate of the anchor is welcome`, async (live) => {
    const { peer, tlsd } = await live.meet({
      options: [option, '-S'],
      prog: ['echo', 'welcome'],
      env: { CAFILE: certificates().clientCa.certFile },
      ...pem(certificates().client),
    });
    await peer.ended();
    assert.is(peer.text, 'welcome\n');
    peer.fin();
    assert.is(await tlsd.exit(), 0);
  });
}

eachProtocol('-Y: no certificate is welcome too', async (live) => {
  const { peer, tlsd } = await live.meet({
    options: ['-Y', '-S'],
    prog: ['echo', 'welcome'],
    env: { CAFILE: certificates().clientCa.certFile },
  });
  await peer.ended();
  assert.is(peer.text, 'welcome\n');
  peer.fin();
  assert.is(await tlsd.exit(), 0);
});

eachProtocol('-v2 says why a refused certificate gets no alert', async (live) => {
  const { peer, tlsd } = await meet(live, {
    options: ['-Yv2'],
    env: { CAFILE: certificates().clientCa.certFile, NODE_OPTIONS: `--require ${withoutKoffi()}` },
  });
  await tlsd.says(/^s6-tlsd: info: a peer whose certificate is refused gets no alert: no koffi$/m);
  peer.fin();
  assert.is(await tlsd.exit(), 98);
});

/** Hides koffi from a Node that is told to require this file first. */
const withoutKoffi = (): string => {
  const file = join(certificates().directory, 'without-koffi.cjs');
  writeFileSync(
    file,
    `const Module = require('node:module');
     const resolve = Module._resolveFilename;
     Module._resolveFilename = (request, ...rest) => {
       if (request.includes('koffi')) throw new Error('no koffi');
       return resolve(request, ...rest);
     };`,
  );
  return file;
};

const names = (): Record<string, string> => {
  const [one, wildcard] = certificates().sni;
  return {
    'KEYFILE:a.example.org': one.keyFile,
    'CERTFILE:a.example.org': one.certFile,
    'KEYFILE:*.example.org': wildcard.keyFile,
    'CERTFILE:*.example.org': wildcard.certFile,
  };
};

eachProtocol('-k: the name that the peer asks for chooses the certificate', async (live) => {
  const expected: readonly (readonly [level: string, servername: string, subject: string])[] = [
    ['-k0', 'a.example.org', 'localhost'],
    ['-k1', 'a.example.org', 'a.example.org'],
    ['-k1', 'A.Example.org', 'a.example.org'],
    ['-k1', 'b.example.org', '*.example.org'],
    ['-k1', 'a.b.example.org', 'localhost'],
    ['-k1', 'other.test', 'localhost'],
    ['-k2', 'b.example.org', '*.example.org'],
  ];
  for (const [level, servername, subject] of expected) {
    const { peer, tlsd } = await live.meet({ options: [level], env: names(), prog: ['true'], servername });
    assert.is(peer.tls.getPeerCertificate().subject.CN, subject, `${level} ${servername}`);
    peer.fin();
    assert.is(await tlsd.exit(), 0);
  }
});

eachProtocol('-k2: an unknown name, and none at all, is refused with unrecognized_name', async (live) => {
  for (const servername of ['other.test', undefined]) {
    const meeting = await meet(live, {
      options: ['-k2'],
      env: { ...names(), KEYFILE: undefined, CERTFILE: undefined },
      ...(servername !== undefined && { servername }),
      handshake: 'begun',
    });
    await failed(meeting, /unrecognized_name|handshake_failure/);
  }
});

eachProtocol('TLS 1.2: renegotiation is refused', async (live) => {
  if (live.protocol !== 'TLSv1.2') return;
  const { peer, tlsd } = await live.meet({ options: ['-S'], prog: ['cat'] });
  const before = peer.records.filter(({ type }) => type === HANDSHAKE).length;
  peer.tls.renegotiate({}, () => undefined);
  await peer.until('our engine to give up', () => peer.complaint !== undefined || peer.transportEnding !== undefined);
  assert.is(peer.records.filter(({ type }) => type === HANDSHAKE).length, before, 'a second handshake was begun');
  peer.fin();
  await tlsd.exit();
});

/** The ClientHello of a fresh engine, not sent; nor is anything that engine says later. */
const helloOf = async ({ peer }: Meeting): Promise<Buffer> => {
  const hello = await peer.sealed(async () => {
    peer.startTls();
    await new Promise((resolve) => setImmediate(resolve));
  });
  peer.gag();
  return hello;
};

test.run();
