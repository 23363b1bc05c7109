import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isFault } from '../../../graph/vocabulary.ts';
import { decrypted, endingOf, type TlsEnding } from '../../../src/tls/decrypted.ts';
import { Transport } from '../../../src/tls/transport.ts';
import { spoilt } from './support/client.ts';
import { eachProtocol, quiet } from './support/meeting.ts';
import { MemoryNetwork } from './support/memory-network.ts';
import { nodePair } from './support/node-pair.ts';

// What Node does, and src/tls relies on. A test that fails here under a new Node says which comment in src/tls to read again.

eachProtocol(
  'Node: the end of a close_notify is pushed with its chunk, that of a FIN after its Duplex ended',
  async (protocol) => {
    for (const reader of ['flowing', 'paused']) {
      for (const ending of ['close_notify', 'FIN']) {
        const { tls, wire, client } = await nodePair({ protocol });
        const pushed: string[] = [];
        const push = tls.push.bind(tls);
        tls.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
          if (chunk === null) pushed.push(wire.readableEnded ? 'FIN' : 'close_notify');
          return push(chunk, encoding);
        };
        if (reader === 'flowing') tls.resume();
        else tls.pause();
        const data = await client.seal('hello');
        const notify = ending === 'close_notify' ? [await client.sealCloseNotify()] : [];
        wire.push(Buffer.concat([data, ...notify]));
        if (ending === 'close_notify') assert.equal(pushed, ['close_notify'], reader);
        wire.push(null);
        await quiet();
        assert.equal(pushed, [ending], reader);
      }
    }
  },
);

eachProtocol("Node: 'end' looks the same for both, and a paused reader gets it late", async (protocol) => {
  for (const ending of ['close_notify', 'FIN']) {
    const { tls, wire, client, events } = await nodePair({ protocol });
    tls.pause();
    wire.push(await client.seal('hello'));
    if (ending === 'close_notify') wire.push(await client.sealCloseNotify());
    else wire.push(null);
    await quiet();
    assert.equal(events, [], ending);
    tls.resume();
    await quiet();
    assert.equal(events, ['end'], ending);
  }
});

eachProtocol("Node: after the peer's close_notify and after its FIN we can still write", async (protocol) => {
  for (const ending of ['close_notify', 'FIN']) {
    const { tls, wire, client, events } = await nodePair({ protocol });
    tls.resume();
    if (ending === 'close_notify') wire.push(await client.sealCloseNotify());
    else wire.push(null);
    await quiet();
    tls.write('answer');
    await quiet();
    assert.equal(events, ['end']);
    assert.ok(client.heard.includes('answer'), client.heard.join());
  }
});

eachProtocol('Node: without allowHalfOpen a FIN would be answered with our own end', async (protocol) => {
  for (const allowHalfOpen of [true, false]) {
    const { tls, wire, written } = await nodePair({ protocol, allowHalfOpen });
    tls.resume();
    wire.push(null);
    await quiet();
    assert.equal(written.includes('FIN'), !allowHalfOpen);
  }
});

eachProtocol(
  "Node: a failure after the handshake is a '_tlsError', no 'error', and nothing is closed",
  async (protocol) => {
    const { tls, wire, client, events, written } = await nodePair({ protocol });
    tls.resume();
    wire.push(spoilt(await client.seal('hello')));
    await quiet();
    assert.equal(events, ['_tlsError']);
    assert.not.ok(tls.destroyed);
    assert.not.ok(written.includes('FIN'));
    assert.is(written.length, 1, "OpenSSL's alert");
  },
);

eachProtocol(
  "Node: OpenSSL's alert has been written when '_tlsError' comes, unless a write is under way",
  async (protocol) => {
    for (const underWay of [false, true]) {
      const { tls, wire, client, written } = await nodePair({ protocol });
      tls.resume();
      const bad = spoilt(await client.seal('hello'));
      let atError = -1;
      tls.on('_tlsError', () => (atError = written.length));
      if (underWay) tls.write('answer');
      wire.push(bad);
      assert.is(atError, 1, 'the alert, or the answer');
      await quiet();
      assert.is(written.length, underWay ? 2 : 1);
    }
  },
);

eachProtocol('Node: a chunk is decrypted as a whole although the reader is paused', async (protocol) => {
  const { tls, wire, client } = await nodePair({ protocol });
  tls.pause();
  wire.push(await client.seal('x'.repeat(65_536)));
  assert.is(tls.readableLength, 65_536);
});

/** Both of ours on the server side of a pair; what is told goes to one list. */
const listening = async (protocol: 'TLSv1.2' | 'TLSv1.3') => {
  const { tls, wire, client } = await nodePair({ protocol });
  tls.pause();
  // The Duplex of Node's pair is as good as our Transport, of which only `readableEnded` is asked.
  const transport = wire as unknown as Transport;
  const ending$ = endingOf(tls, transport);
  const endings: TlsEnding[] = [];
  ending$.subscribe((ending) => endings.push(ending));
  const told: string[] = [];
  const listen = (): void =>
    void decrypted(tls, ending$).subscribe({
      next: (value) => told.push(value instanceof Uint8Array ? Buffer.from(value).toString() : 'close_notify'),
      complete: () => told.push('end'),
      error: (error: unknown) => told.push(isFault(error) ? error.kind : String(error)),
    });
  return { tls, wire, client, ending$, endings, told, listen };
};

eachProtocol('an ending is told once, and again to those who come later', async (protocol) => {
  const { wire, client, ending$, endings, tls } = await listening(protocol);
  tls.resume();
  wire.push(await client.sealCloseNotify());
  wire.push(null);
  await quiet();
  assert.equal(endings, ['close_notify']);
  const later: TlsEnding[] = [];
  ending$.subscribe((ending) => later.push(ending));
  assert.equal(later, ['close_notify']);
});

eachProtocol('nothing is told within subscribe, so that everybody can be there', async (protocol) => {
  const { wire, client, told, listen } = await listening(protocol);
  wire.push(Buffer.concat([await client.seal('hello'), await client.sealCloseNotify()]));
  listen();
  assert.equal(told, []);
  await quiet();
  assert.equal(told, ['hello', 'close_notify', 'end']);
});

eachProtocol('who unsubscribes at once is told nothing', async (protocol) => {
  const { wire, client, tls, ending$ } = await listening(protocol);
  wire.push(Buffer.concat([await client.seal('hello'), await client.sealCloseNotify()]));
  let told = 0;
  decrypted(tls, ending$)
    .subscribe(() => (told += 1))
    .unsubscribe();
  await quiet();
  assert.is(told, 0);
  assert.is(tls.readableLength, 'hello'.length, 'nor is anything taken away');
});

test('the Transport is a Duplex that the end of the peer leaves open, and keeps nothing of its own', () => {
  const transport = new Transport(new MemoryNetwork([]));
  assert.ok(transport.allowHalfOpen);
  assert.is(transport.readableHighWaterMark, 0);
});

test('what the Transport must keep is a copy: the network only lends it', async () => {
  const transport = new Transport(new MemoryNetwork([]));
  const lent = Buffer.from('first');
  transport.pass(lent);
  lent.fill('x');
  const heard: Uint8Array[] = [];
  transport.on('data', (chunk: Uint8Array) => heard.push(chunk));
  await quiet();
  transport.pass(lent);
  assert.equal(heard.map(String), ['first', 'xxxxx']);
  assert.is(heard[1]?.buffer, lent.buffer, 'who listens gets it as it is');
});

test('a destroyed Transport leaves the network alone', async () => {
  const log: string[] = [];
  new Transport(new MemoryNetwork(log)).destroy();
  await quiet();
  assert.equal(log, []);
});

test.run();
