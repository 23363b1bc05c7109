import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { certificates, pem } from '../fixtures/certificates.ts';
import { eachProtocol, once, type Live } from './support/live.ts';
import type { Order } from './support/live.ts';

// Spec section 4.3 and section 3: what prog finds when it looks around.

/** Runs prog to its end with a peer that ends at once; gives what prog wrote. */
const output = async (live: Live, script: string, order: Partial<Order> = {}): Promise<string> => {
  const { peer, tlsd } = await live.meet({ options: ['-s'], prog: ['sh', '-c', script], ...order });
  peer.fin();
  await peer.ended();
  assert.is(await tlsd.exit(), 0, tlsd.stderr);
  return peer.text;
};

eachProtocol('stdin and stdout are pipes', async (live) => {
  const text = await output(live, 'test -p /dev/stdin && echo in; test -p /dev/stdout && echo out');
  assert.is(text, 'in\nout\n');
});

eachProtocol('/dev/stdin and /dev/stdout can be opened', async (live) => {
  const { peer, tlsd } = await live.meet({
    options: ['-s'],
    prog: ['sh', '-c', 'echo x >/dev/stdout; cat /dev/stdin; head -c 0 /dev/fd/0'],
  });
  await peer.send('hello');
  await peer.closeNotify();
  peer.fin();
  await peer.ended();
  assert.is(peer.text, 'x\nhello');
  assert.is(await tlsd.exit(), 0);
  assert.is(tlsd.stderr, '');
});

once('prog inherits no descriptor of ours but 0, 1 and 2', async (live) => {
  // What this test itself has inherited reaches every child, that of a control too.
  const control = live.run(['ls', '/proc/self/fd']);
  await control.exit();
  assert.is(await output(live, 'exec ls /proc/self/fd'), control.stdout);
});

once("prog's signals have their default actions, and none is blocked", async (live) => {
  const text = await output(live, 'exec cat /proc/self/status');
  for (const set of ['SigBlk', 'SigIgn', 'SigCgt']) assert.match(text, new RegExp(`^${set}:\\s*0{16}$`, 'm'));
});

eachProtocol('prog gets SIGPIPE when nobody hears it any more', async (live) => {
  const { peer, tlsd } = await live.meet({ prog: ['sh', '-c', 'yes; kill -l $? >&2'] });
  await peer.until('some output', () => peer.received > 0);
  peer.reset();
  assert.is(await tlsd.exit(), 111);
  assert.match(tlsd.stderr, /^PIPE$/m);
});

once('prog is found in PATH, gets its words as they are, and its exit code becomes ours', async (live) => {
  const { peer, tlsd } = await live.meet({
    options: ['-S'],
    prog: ['sh', '-c', 'printf "%s|" "$0" "$@"; exit 42', '-S', '--', '', 'a b', '-K'],
  });
  await peer.ended();
  assert.is(peer.text, '-S|--||a b|-K|');
  peer.fin();
  assert.is(await tlsd.exit(), 42);
});

once('a prog killed by signal n gives 128 + n', async (live) => {
  for (const [signal, status] of [
    ['KILL', 137],
    ['SEGV', 139],
    ['TERM', 143],
  ] as const) {
    const { peer, tlsd } = await live.meet({ prog: ['sh', '-c', `kill -${signal} $$`] });
    peer.fin();
    assert.is(await tlsd.exit(), status);
  }
});

once("prog's stderr is ours", async (live) => {
  const { peer, tlsd } = await live.meet({ prog: ['sh', '-c', 'echo to fd 2 >&2'] });
  peer.fin();
  assert.is(await tlsd.exit(), 0);
  assert.is(tlsd.stderr, 'to fd 2\n');
});

eachProtocol('the TLS variables are removed from prog’s environment, and the others stay', async (live) => {
  const { clientCa, sni } = certificates();
  const env = { OTHER: 'kept', 'KEYFILE:x.test': sni[0].keyFile, 'CERTFILE:x.test': sni[0].certFile };
  const anchors = { CAFILE: clientCa.certFile, CADIR: undefined };
  // Not through a shell: it drops variables whose names it does not like.
  const names = await output(live, '', { prog: ['env'], env: { ...env, ...anchors } });
  const left = namesIn(names).filter((name) => /^(CA|KEY|CERT|TLS_|OTHER|PATH)/.test(name));
  assert.equal(left, ['OTHER', 'PATH']);
  const kept = await output(live, '', { prog: ['env'], env: { ...env, ...anchors }, options: ['-Z'] });
  for (const name of ['KEYFILE', 'CERTFILE', 'CAFILE', 'KEYFILE:x.test', 'CERTFILE:x.test', 'OTHER'])
    assert.ok(namesIn(kept).includes(name), name);
});

eachProtocol('prog learns of the connection by SSL_ variables', async (live) => {
  const { client, clientCa } = certificates();
  const text = await output(live, 'env | grep ^SSL_ | sort', {
    options: ['-y'],
    env: { CAFILE: clientCa.certFile },
    servername: 'shop.example',
    ...pem(client),
  });
  assert.match(text, new RegExp(`^SSL_PROTOCOL=${live.protocol}$`, 'm'));
  assert.match(text, /^SSL_CIPHER=TLS_[A-Z0-9_]+$/m);
  assert.match(text, /^SSL_TLS_SNI_SERVERNAME=shop\.example$/m);
  assert.match(text, /^SSL_PEER_CERT_HASH=SHA256:[0-9a-f]{64}$/m);
  assert.match(text, /^SSL_PEER_CERT_SUBJECT=.*a good client.*$/m);
});

eachProtocol('inherited SSL_ variables cannot pose as ours', async (live) => {
  const names = ['SSL_PROTOCOL', 'SSL_CIPHER', 'SSL_TLS_SNI_SERVERNAME', 'SSL_PEER_CERT_HASH', 'SSL_PEER_CERT_SUBJECT'];
  const env = Object.fromEntries(names.map((name) => [name, 'forged']));
  const text = await output(live, 'env | grep ^SSL_ | sort', { env });
  assert.not.match(text, /forged/);
  assert.not.match(text, /SERVERNAME|PEER_CERT/);
});

const namesIn = (environment: string): string[] =>
  environment
    .split('\n')
    .map((line) => line.slice(0, line.indexOf('=')))
    .filter((name) => name !== '')
    .sort();

test.run();
