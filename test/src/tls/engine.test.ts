import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CLOSE_NOTIFY, Fault } from '../../../graph/vocabulary.ts';
import { eachProtocol, meet, quiet, until, type Meeting } from './support/meeting.ts';
import { ALERT, BY_HAND, HANDSHAKE, sealedByHand } from './support/sealed-by-hand.ts';
import { spoilt } from './support/client.ts';

/** However slowly we are read, the peer's ending is told as it is, after all of its data. */
const READERS = { 'an eager reader': true, 'a paused reader': false };

for (const [reader, demand] of Object.entries(READERS)) {
  eachProtocol(`${reader}: close_notify is a value, and FIN after it the end`, async (protocol) => {
    const { client, network, log } = await meet({ protocol, demand });
    network.arrives(await client.seal('hello'), await client.sealCloseNotify());
    await quiet();
    assert.equal(log, ['peer: hello', 'peer: close_notify']);
    network.arrives('fin');
    await quiet();
    assert.equal(log, ['peer: hello', 'peer: close_notify', 'peer: end']);
  });

  eachProtocol(`${reader}: FIN without close_notify is an end without that value`, async (protocol) => {
    const { client, network, log, demandPeer$ } = await meet({ protocol, demand });
    network.arrives(await client.seal('hello'), 'fin');
    await quiet();
    assert.equal(log, ['peer: hello', 'peer: end']);
    demandPeer$.next(true);
    await quiet();
    assert.is(log.length, 2);
  });

  eachProtocol(`${reader}: data, close_notify and FIN can come all at once`, async (protocol) => {
    const { client, network, log } = await meet({ protocol, demand });
    network.arrives(Buffer.concat([await client.seal('hello'), await client.sealCloseNotify()]), 'fin');
    await quiet();
    assert.equal(log, ['peer: hello', 'peer: close_notify', 'peer: end']);
  });

  eachProtocol(`${reader}: what was there before anybody listened is told to who listens then`, async (protocol) => {
    for (const notify of [true, false]) {
      const { client, network, log, listen } = await meet({ protocol, demand, listen: false });
      const data = await client.seal('hello');
      network.arrives(notify ? Buffer.concat([data, await client.sealCloseNotify()]) : data, 'fin');
      // With demand, but without a listener, the data would be gone: the tunnel is there before it wants anything.
      if (demand) listen();
      await quiet();
      if (!demand) listen();
      await quiet();
      assert.equal(log, ['peer: hello', ...(notify ? ['peer: close_notify'] : []), 'peer: end']);
    }
  });

  eachProtocol(`${reader}: a FIN inside a record, or its header, is told after the whole records`, async (protocol) => {
    for (const missing of [1, 7, 'all but 3'] as const) {
      const { client, network, log } = await meet({ protocol, demand });
      const whole = await client.seal('hello');
      const next = await client.seal('world');
      const length = missing === 'all but 3' ? 3 : next.length - missing;
      network.arrives(whole, next.subarray(0, length), 'fin');
      await quiet();
      const short = `${length === 3 ? 2 : next.length - length} bytes short`;
      assert.equal(log, ['peer: hello', `peer: cutRecord, the peer ended in the middle of a record, ${short}`]);
    }
  });

  eachProtocol(`${reader}: a FIN at the end of a record, however that was cut, is no fault`, async (protocol) => {
    const { client, network, log } = await meet({ protocol, demand });
    const bytes = Buffer.concat([await client.seal('hello'), await client.seal('world')]);
    network.arrives(...Array.from(bytes, (byte) => Buffer.of(byte)), 'fin');
    await until('the end', () => log.includes('peer: end'));
    assert.is(log.join(' '), demand ? 'peer: hello peer: world peer: end' : 'peer: helloworld peer: end');
  });

  eachProtocol(`${reader}: a bad record is told after the data, and after OpenSSL's alert`, async (protocol) => {
    const { client, network, log } = await meet({ protocol, demand });
    network.arrives(await client.seal('hello'), spoilt(await client.seal('world')));
    await quiet();
    assert.equal(demand ? log : [log[1], log[0], log[2]], [
      'peer: hello',
      'wrote alert',
      protocol === 'TLSv1.2'
        ? 'peer: badRecord, cipher operation failed'
        : 'peer: badRecord, decryption failed or bad record mac',
    ]);
    assert.equal(client.heard, ['fails: sslv3 alert bad record mac']);
  });

  eachProtocol(`${reader}: a bad record in the same chunk as data is told after it`, async (protocol) => {
    const { client, network, log } = await meet({ protocol, demand });
    network.arrives(Buffer.concat([await client.seal('hello'), spoilt(await client.seal('world'))]));
    await quiet();
    const told = log.filter((event) => event.startsWith('peer'));
    assert.is(told[0], 'peer: hello');
    assert.match(told[1] ?? '', /^peer: badRecord/);
    assert.is(told.length, 2);
    assert.ok(log.indexOf('wrote alert') < log.indexOf(told[1] ?? ''));
  });

  eachProtocol(`${reader}: a reset is told after the data, whatever the demand`, async (protocol) => {
    const { client, network, log } = await meet({ protocol, demand });
    network.arrives(await client.seal('hello'), new Fault('reset', 'ECONNRESET'));
    await quiet();
    assert.equal(log, ['peer: hello', 'peer: reset, ECONNRESET']);
  });

  eachProtocol(`${reader}: a reset lets go also of what waits below OpenSSL`, async (protocol) => {
    const { client, network, log } = await meet({ protocol, demand });
    const chunks = [await client.seal('x'.repeat(16_384)), await client.seal('hello')];
    network.arrives(...chunks, new Fault('reset', 'ECONNRESET'));
    await quiet();
    if (!demand) {
      // Nobody reads on, so nobody sees the reset, until a write fails.
      assert.equal(log, []);
      network.breaks(new Fault('reset', 'EPIPE'));
      await quiet();
    }
    // Records that are let go at once are one chunk.
    const said = demand ? ['peer: 16384 bytes', 'peer: hello'] : ['peer: 16389 bytes'];
    assert.equal(log.slice(0, said.length + 1), [...said, 'peer: reset, ECONNRESET']);
  });

  eachProtocol(`${reader}: a failed write is told after what the peer said`, async (protocol) => {
    const { client, network, log, say } = await meet({ protocol, demand });
    network.full = true;
    say('answer');
    network.arrives(await client.seal('x'.repeat(16_384)));
    await quiet();
    network.arrives(await client.seal('hello'));
    network.breaks(new Fault('reset', 'EPIPE'));
    await quiet();
    const said = demand ? ['peer: 16384 bytes', 'peer: hello'] : ['peer: 16389 bytes'];
    assert.equal(log, ['wrote data', ...said, 'peer: reset, EPIPE', 'taken: reset, EPIPE']);
  });

  eachProtocol(`${reader}: a write can fail long after the peer has ended`, async (protocol) => {
    const { client, network, log, say } = await meet({ protocol, demand });
    network.arrives(Buffer.concat([await client.seal('hello'), await client.sealCloseNotify()]), 'fin');
    await quiet();
    network.full = true;
    say('answer');
    await quiet();
    network.unwritable$.error(new Fault('reset', 'EPIPE'));
    await quiet();
    assert.equal(log, ['peer: hello', 'peer: close_notify', 'peer: end', 'wrote data', 'taken: reset, EPIPE']);
  });

  eachProtocol(`${reader}: whatever follows close_notify is ignored, half a record included`, async (protocol) => {
    for (const together of [true, false]) {
      const { client, network, log } = await meet({ protocol, demand });
      const ending = Buffer.concat([await client.seal('hello'), await client.sealCloseNotify()]);
      const late = Buffer.from('1703030050abcdef', 'hex');
      network.arrives(...(together ? [Buffer.concat([ending, late])] : [ending, late]), 'fin');
      await quiet();
      assert.equal(log, ['peer: hello', 'peer: close_notify', 'peer: end']);
    }
  });

  eachProtocol(`${reader}: a fatal alert is a fault that bears its name`, async (protocol) => {
    const { client, network, log } = await meet({ protocol, demand, client: { ciphers: BY_HAND[protocol] } });
    network.arrives(await client.seal('hello'), sealedByHand(client, ALERT, Buffer.of(2, 80), 1));
    await quiet();
    assert.equal(log, ['peer: hello', 'peer: alert, internal_error']);
  });
}

eachProtocol('after close_notify we read on for the FIN, however much data nobody wants yet', async (protocol) => {
  const { client, network, log } = await meet({ protocol, demand: false, listen: false });
  network.arrives(Buffer.concat([await client.seal('x'.repeat(40_000)), await client.sealCloseNotify()]));
  await quiet();
  assert.ok(network.reading);
  assert.equal(log, []);
});

eachProtocol('what follows close_notify is ignored also when both waited for demand', async (protocol) => {
  const { client, network, log, demandPeer$ } = await meet({ protocol, demand: false });
  network.arrives(await client.seal('x'.repeat(16_384)));
  const ending = Buffer.concat([await client.seal('hello'), await client.sealCloseNotify()]);
  network.arrives(Buffer.concat([ending, Buffer.from('1703030050abcdef', 'hex')]), 'fin');
  await quiet();
  assert.equal(log, []);
  demandPeer$.next(true);
  await quiet();
  assert.equal(log, ['peer: 16384 bytes', 'peer: hello', 'peer: close_notify', 'peer: end']);
});

eachProtocol('without demand one chunk is read at most beyond the 16 KiB a TLSSocket keeps', async (protocol) => {
  for (const size of [1_000, 5_000, 16_384, 65_536]) {
    const meeting = await meet({ protocol, demand: false });
    const { client, network, log, demandPeer$ } = meeting;
    const before = network.handedOver;
    await arriveIn(meeting, size, 'x'.repeat(500_000));
    await quiet();
    const held = network.handedOver - before;
    assert.ok(held > 0 && held < 16_384 + 1_000 + size, `${held} bytes in chunks of ${size}`);
    assert.not.ok(network.reading);
    assert.equal(log, []);
    demandPeer$.next(true);
    const received = () => log.reduce((sum, event) => sum + Number(/(\d+) bytes/.exec(event)?.[1] ?? 0), 0);
    await until('all of it', () => received() === 500_000);
    assert.equal(client.heard, []);
  }
});

eachProtocol('demand that falls in the middle stops reading within one chunk, and can rise again', async (protocol) => {
  const meeting = await meet({ protocol });
  const { network, log, demandPeer$, engine } = meeting;
  let received = 0;
  engine.fromPeer$.subscribe((chunk) => {
    if (chunk !== CLOSE_NOTIFY) received += chunk.length;
    demandPeer$.next(false);
  });
  const size = 20_000;
  const before = network.handedOver;
  await arriveIn(meeting, size, 'x'.repeat(300_000));
  for (let rounds = 0; received < 300_000; rounds += 1) {
    assert.ok(rounds < 100, 'it goes on whenever it is wanted');
    demandPeer$.next(true);
    await quiet();
    const held = network.handedOver - before - received;
    assert.ok(held < 16_384 + 2 * size, `${held} bytes held`);
  }
  assert.ok(log.length > 10);
});

eachProtocol('Node keeps silent about a fatal alert without a name; the next write reveals it', async (protocol) => {
  const { client, network, log, say } = await meet({ protocol, client: { ciphers: BY_HAND[protocol] } });
  network.arrives(await client.seal('hello'), sealedByHand(client, ALERT, Buffer.of(2, 121), 1), 'fin');
  await quiet();
  assert.equal(log, ['peer: hello', 'peer: end']);
  say('answer');
  await quiet();
  assert.equal(log.slice(2), ['taken: alert, of an unknown kind']);
});

eachProtocol(
  'a fatal alert without a name is revealed also by writes that waited for the network',
  async (protocol) => {
    const { client, network, log, say } = await meet({ protocol, client: { ciphers: BY_HAND[protocol] } });
    network.full = true;
    say('first');
    say('second');
    network.arrives(sealedByHand(client, ALERT, Buffer.of(2, 121)), 'fin');
    await quiet();
    assert.equal(log, ['wrote data', 'peer: end']);
    network.drain();
    await quiet();
    assert.equal(log.slice(2), ['taken: 5', 'taken: alert, of an unknown kind']);
    assert.equal(client.heard, ['first']);
  },
);

eachProtocol('a network that is slow is not taken for an OpenSSL that has given up', async (protocol) => {
  const { client, network, log, say } = await meet({ protocol });
  for (let round = 0; round < 3; round += 1) {
    network.full = true;
    for (const word of ['some', 'words', 'more']) say(word);
    await quiet();
    network.drain();
    await quiet();
  }
  assert.is(
    log.filter((event) => event.startsWith('taken')).join(' '),
    Array(3).fill('taken: 4 taken: 5 taken: 4').join(' '),
  );
  assert.is(client.heard.join(''), 'somewordsmore'.repeat(3));
});

test('RFC 8446: KeyUpdate is answered before the next data', async () => {
  const { client, network, say } = await meet({ client: { ciphers: BY_HAND['TLSv1.3'] } });
  network.written.length = 0;
  network.arrives(sealedByHand(client, HANDSHAKE, KEY_UPDATE));
  await quiet();
  say('answer');
  await quiet();
  // The client has not asked, but follows.
  assert.equal(client.heard, ['answer']);
  assert.is(
    Buffer.concat(network.written).length,
    HEADER + KEY_UPDATE.length + 1 + TAG + HEADER + 'answer'.length + 1 + TAG,
  );
});

test('our FIN is the end: a KeyUpdate after it is not answered, nor is a bad record', async () => {
  for (const what of ['KeyUpdate', 'bad record']) {
    const { client, network, log, toPeer$ } = await meet({ client: { ciphers: BY_HAND['TLSv1.3'] } });
    toPeer$.complete();
    await quiet();
    const record = sealedByHand(client, HANDSHAKE, KEY_UPDATE);
    network.arrives(what === 'KeyUpdate' ? record : spoilt(record));
    await quiet();
    assert.equal(log.slice(0, 2), ['wrote FIN', 'taken: end'], what);
    assert.not.ok(
      log.slice(2).some((event) => event.startsWith('wrote')),
      what,
    );
  }
});

test('our close_notify is the last record: a KeyUpdate after it is not answered, nor is a bad record', async () => {
  for (const what of ['KeyUpdate', 'bad record']) {
    const { client, network, log, toPeer$ } = await meet({ client: { ciphers: BY_HAND['TLSv1.3'] } });
    toPeer$.next(CLOSE_NOTIFY);
    toPeer$.complete();
    await quiet();
    const record = sealedByHand(client, HANDSHAKE, KEY_UPDATE);
    network.arrives(what === 'KeyUpdate' ? record : spoilt(record), 'fin');
    await quiet();
    assert.equal(log.slice(0, 3), ['wrote alert', 'wrote FIN', 'taken: end'], what);
    assert.is(log.length, 4, log.join(', '));
    assert.equal(client.heard, ['close_notify', 'FIN']);
  }
});

test('RFC 5246: a client that wants to renegotiate is refused with an alert, and is no second time secured', async () => {
  const { client, network, log, say } = await meet({ protocol: 'TLSv1.2' });
  client.carry((bytes) => network.arrives(bytes));
  client.tls.renegotiate({}, () => undefined);
  await quiet();
  assert.equal(log.slice(0, 1), ['wrote alert']);
  assert.not.ok(log.some((event) => event.startsWith('secured') || event === 'wrote handshake'));
  // What the client makes of it is its own affair; Node's gives up.
  assert.equal(client.heard, ['fails: no renegotiation']);
  say('more');
  await quiet();
  assert.not.ok(log.includes('wrote handshake'));
});

const KEY_UPDATE = Buffer.of(24, 0, 0, 1, 1);
const HEADER = 5;
const TAG = 16;

const arriveIn = async ({ client, network }: Meeting, size: number, data: string): Promise<void> => {
  const bytes = await client.seal(data);
  for (let at = 0; at < bytes.length; at += size) network.arrives(bytes.subarray(at, at + size));
};

test.run();
