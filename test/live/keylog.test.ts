import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { certificates } from '../fixtures/certificates.ts';
import { installed, skip } from '../support/live-skips.ts';
import { capture, captureRefused, decryptedRecords } from './support/capture.ts';
import { eachProtocol, type Live, type Order } from './support/live.ts';
import { linesOf, rowOf, traceDirectory, traceOf } from './support/traced.ts';

// --keylog and SSLKEYLOGFILE: whoever has the file can read the connection, and nobody else.

const directory = traceDirectory();
let files = 0;
const newFile = (kind: string): string => join(directory, `${String((files += 1))}.${kind}`);

const LABELS = {
  'TLSv1.2': ['CLIENT_RANDOM'],
  'TLSv1.3': [
    'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
    'CLIENT_TRAFFIC_SECRET_0',
    'EXPORTER_SECRET',
    'SERVER_HANDSHAKE_TRAFFIC_SECRET',
    'SERVER_TRAFFIC_SECRET_0',
  ],
} as const;

/** The labels in a key log, each line of which must be one of NSS's. */
const labels = (file: string): string[] => {
  const lines = readFileSync(file, 'latin1').split('\n');
  assert.is(lines.pop(), '');
  for (const line of lines) assert.match(line, /^[A-Z_0-9]+ [0-9a-f]{64} ([0-9a-f]{64}|[0-9a-f]{96})$/);
  return lines.map((line) => line.split(' ')[0] ?? '').sort();
};

/** A short connection; what was said on fd 2. */
const converse = async (live: Live, order: Partial<Order>): Promise<string> => {
  const { peer, tlsd } = await live.meet({ prog: ['echo', 'hello'], ...order });
  await peer.ended();
  peer.fin();
  assert.is(await tlsd.exit(), 0);
  return tlsd.stderr;
};

eachProtocol('--keylog: the keys are appended, for their owner alone, and -v2 says where', async (live) => {
  const keys = newFile('keys');
  assert.is(await converse(live, { options: [`--keylog=${keys}`] }), '');
  assert.is(statSync(keys).mode & 0o777, 0o600);
  assert.equal(labels(keys), [...LABELS[live.protocol]]);
  const told = await converse(live, { options: ['-v2', `--keylog=${keys}`], env: { SSLKEYLOGFILE: '/nonexistent/x' } });
  assert.ok(told.startsWith(`s6-tlsd: info: session keys are written to ${keys}\n`), told);
  assert.equal(
    labels(keys),
    LABELS[live.protocol].flatMap((label) => [label, label]),
  );
});

eachProtocol('SSLKEYLOGFILE: the same, and a warning says so', async (live) => {
  const keys = newFile('keys');
  assert.is(
    await converse(live, { env: { SSLKEYLOGFILE: keys } }),
    `s6-tlsd: warning: session keys are written to ${keys}, as SSLKEYLOGFILE says\n`,
  );
  assert.equal(labels(keys), [...LABELS[live.protocol]]);
});

eachProtocol('the keys are written under each key pair that a server name selects', async (live) => {
  const [pair] = certificates().sni;
  const env = { [`KEYFILE:${pair.subject}`]: pair.keyFile, [`CERTFILE:${pair.subject}`]: pair.certFile };
  for (const level of ['1', '2']) {
    const keys = newFile('keys');
    await converse(live, { options: ['-k', level, `--keylog=${keys}`], env, servername: pair.subject });
    assert.equal(labels(keys), [...LABELS[live.protocol]], `-k ${level}`);
  }
});

eachProtocol('the keys are there before the first byte from prog is', async (live) => {
  const keys = newFile('keys');
  const { peer, tlsd } = await live.meet({ options: [`--keylog=${keys}`], prog: ['cat'] });
  await peer.send('x');
  await peer.receives('x');
  assert.equal(labels(keys), [...LABELS[live.protocol]]);
  peer.fin();
  assert.is(await tlsd.exit(), 0);
});

const what = 'decrypting a capture';
const tools = installed('dumpcap', what) && installed('tshark', what);
const refused = tools ? captureRefused() : undefined;
if (refused !== undefined) skip(`${what}: ${refused}`);
else if (tools) {
  eachProtocol('tshark decrypts a capture, and finds our close_notify where the trace says it is', async (live) => {
    const [keys, trace, pcap] = [newFile('keys'), newFile('trace'), newFile('pcap')];
    const options = ['-S', `--keylog=${keys}`, `--trace=${trace}`];
    const server = await live.serve({ options, prog: ['echo', 'hello'] });
    const packets = await capture(server.port);
    const peer = await live.join(server.port);
    assert.is(await peer.ended(), 'close_notify, fin');
    await peer.closeNotify();
    peer.fin();
    assert.is(await (await server.next()).exit(), 0);
    writeFileSync(pcap, await packets.ended());

    const CLOSE_NOTIFY = 0;
    const ours = decryptedRecords(pcap, server.port, keys).filter(({ port }) => port === server.port);
    const traced = rowOf(traceOf(linesOf(trace)), 'wire', 'out') as { kind: string; length: number }[];
    const sent = traced.filter(({ kind }) => kind === 'record');
    assert.equal(
      ours.map(({ length }) => length),
      sent.map(({ length }) => length),
    );
    assert.equal(
      ours.map(({ alert }) => alert === CLOSE_NOTIFY),
      sent.map((_, ordinal) => ordinal === sent.length - 1),
    );
    // Without the keys it is a record like others.
    writeFileSync(keys, '');
    const sealed = decryptedRecords(pcap, server.port, keys);
    assert.not.ok(sealed.some(({ alert }) => alert === CLOSE_NOTIFY));
  });
}

test.run();
