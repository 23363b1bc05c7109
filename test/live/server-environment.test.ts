import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { certificates, pem } from '../fixtures/certificates.ts';
import { eachProtocol, once, type Live } from './support/live.ts';
import type { Peer } from './support/peer.ts';
import { traceDirectory } from './support/traced.ts';

// What a prog of s6-tlsserver finds when it looks around.

const OF_THE_CONNECTION = /^(PROTO|TCP|IPC|SSL_)/;

/** The variables that `env` wrote, as prog, to the end. */
const told = async (peer: Peer): Promise<Readonly<Record<string, string>>> => {
  await peer.ended();
  peer.fin();
  const lines = peer.text.split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
};

const ofTheConnection = (all: Readonly<Record<string, string>>): object =>
  Object.fromEntries(Object.entries(all).filter(([name]) => OF_THE_CONNECTION.test(name)));

/** What everybody gets; ciphers differ. */
const tls = (live: Live, { SSL_CIPHER = '' }: Readonly<Record<string, string>>): object => {
  assert.match(SSL_CIPHER, /^TLS_[A-Z0-9_]+$/);
  return { SSL_PROTOCOL: live.protocol, SSL_CIPHER };
};

for (const [family, host, connectTo] of [
  ['IPv4', '127.0.0.1', '127.0.0.1'],
  ['IPv6', '::1', '::1'],
  ['IPv4, of a server for both families', '::', '127.0.0.1'],
  ['IPv4, of a server for every address', '0', '127.0.0.1'],
] as const)
  eachProtocol(`the variables of a connection: ${family}`, async (live) => {
    const server = await live.resident({ where: [host, '0'], prog: ['env'] });
    const peer = await live.join({ host: connectTo, port: server.port }, { servername: 'shop.example' });
    const port = String(peer.localPort);
    const all = await told(peer);
    assert.equal(ofTheConnection(all), {
      PROTO: 'TCP',
      TCPREMOTEIP: connectTo,
      TCPREMOTEPORT: port,
      TCPLOCALIP: connectTo,
      TCPLOCALPORT: String(server.port),
      TCPCONNNUM: '1',
      SSL_TLS_SNI_SERVERNAME: 'shop.example',
      ...tls(live, all),
    });
  });

eachProtocol('the variables of a connection: a Unix socket', async (live) => {
  const path = join(traceDirectory(), 'socket');
  await live.resident({ where: [path], prog: ['env'] });
  const all = await told(await live.join({ path }));
  assert.equal(ofTheConnection(all), {
    PROTO: 'IPC',
    IPCLOCALPATH: path,
    IPCREMOTEEUID: String(process.geteuid?.()),
    IPCREMOTEEGID: String(process.getegid?.()),
    IPCCONNNUM: '1',
    ...tls(live, all),
  });
});

eachProtocol("a client's certificate stands beside the variables of UCSPI", async (live) => {
  const { client, clientCa } = certificates();
  const server = await live.resident({ options: ['-y'], prog: ['env'], env: { CAFILE: clientCa.certFile } });
  const all = await told(await live.join(server.port, pem(client)));
  assert.match(all['SSL_PEER_CERT_HASH'] ?? '', /^SHA256:[0-9a-f]{64}$/);
  assert.match(all['SSL_PEER_CERT_SUBJECT'] ?? '', /a good client/);
  assert.is(all['TCPREMOTEIP'], '127.0.0.1');
});

once(
  'what was inherited of another connection, or meant for the server alone, is gone; the rest stays',
  async (live) => {
    const others = {
      PROTO: 'UDP',
      TCPREMOTEHOST: 'forged',
      TCPREMOTEINFO: 'forged',
      TCPLOCALHOST: 'forged',
      IPCREMOTEEUID: '0',
      IPCREMOTEPATH: 'forged',
      SSL_PEER_CERT_HASH: 'forged',
      SSL_PEER_CERT_SUBJECT: 'forged',
    };
    const systemd = { LISTEN_FDS: '1', LISTEN_PID: '1', LISTEN_FDNAMES: 'x', NOTIFY_SOCKET: '' };
    const server = await live.resident({ prog: ['env'], env: { ...others, ...systemd, OTHER: 'kept' } });
    const all = await told(await live.join(server.port));
    const names = Object.keys(all).filter((name) => name !== 'MARBLE_TLS_LIVE');
    assert.equal(names.sort(), [
      ...['OTHER', 'PATH', 'PROTO', 'SSL_CIPHER', 'SSL_PROTOCOL', 'TCPCONNNUM'],
      ...['TCPLOCALIP', 'TCPLOCALPORT', 'TCPREMOTEIP', 'TCPREMOTEPORT'],
    ]);
    assert.is(all['PROTO'], 'TCP');
    assert.is(all['OTHER'], 'kept');
  },
);

once('TCPCONNNUM counts the connections of one address, and goes down again', async (live) => {
  const server = await live.resident({ options: ['-v2'], prog: ['sh', '-c', 'echo "$TCPCONNNUM"; exec cat'] });
  const number = async (address: string): Promise<[Peer, string]> => {
    const peer = await live.join(server.from(address));
    await peer.receives('\n');
    return [peer, peer.text.trim()];
  };
  const [first, one] = await number('127.0.0.1');
  const [second, two] = await number('127.0.0.1');
  const [third, another] = await number('127.0.0.2');
  assert.equal([one, two, another], ['1', '2', '1']);
  first.fin();
  await first.ended();
  await server.verdict(1);
  const [fourth, again] = await number('127.0.0.1');
  assert.is(again, '2');
  for (const peer of [second, third, fourth]) {
    peer.fin();
    await peer.ended();
  }
});

test.run();
