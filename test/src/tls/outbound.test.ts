import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CLOSE_NOTIFY, Fault } from '../../../graph/vocabulary.ts';
import { spoilt } from './support/client.ts';
import { eachProtocol, meet, quiet, until } from './support/meeting.ts';
import { nodePair } from './support/node-pair.ts';

eachProtocol('Node: end() says close_notify and finishes the Duplex', async (protocol) => {
  const { tls, client, written } = await nodePair({ protocol });
  tls.write('answer');
  tls.end();
  await quiet();
  assert.is(written.at(-1), 'FIN');
  assert.equal(client.heard, ['answer', 'close_notify']);
});

eachProtocol('bytes are acknowledged, each chunk by its size, once the kernel has them', async (protocol) => {
  const { network, client, log, say } = await meet({ protocol });
  network.full = true;
  say('hello');
  say('dear world');
  await quiet();
  assert.equal(log, ['wrote data'], 'one at a time');
  network.drain();
  await quiet();
  assert.equal(log, ['wrote data', 'wrote data', 'taken: 5', 'taken: 10']);
  assert.equal(client.heard, ['hello', 'dear world']);
});

eachProtocol('-s: FIN and nothing else, after the last byte, and not before the kernel has that', async (protocol) => {
  const { network, client, log, say, toPeer$ } = await meet({ protocol });
  network.full = true;
  say('hello');
  say('world');
  toPeer$.complete();
  await quiet();
  assert.equal(log, ['wrote data']);
  network.drain();
  await quiet();
  assert.equal(log, ['wrote data', 'wrote data', 'taken: 5', 'taken: 5', 'wrote FIN', 'taken: end']);
  assert.equal(client.heard, ['hello', 'world', 'FIN']);
});

eachProtocol('-S: close_notify is the last record, and then comes FIN', async (protocol) => {
  const { network, client, log, say, toPeer$ } = await meet({ protocol });
  network.full = true;
  say('hello');
  say('world');
  toPeer$.next(CLOSE_NOTIFY);
  toPeer$.complete();
  await quiet();
  network.drain();
  await quiet();
  assert.equal(log, ['wrote data', 'wrote data', 'taken: 5', 'taken: 5', 'wrote alert', 'wrote FIN', 'taken: end']);
  assert.equal(client.heard, ['hello', 'world', 'close_notify', 'FIN']);
});

for (const notify of [false, true]) {
  const policy = notify ? '-S' : '-s';
  const ending = notify ? ['wrote alert', 'wrote FIN'] : ['wrote FIN'];

  eachProtocol(`${policy}: an ending without data before it`, async (protocol) => {
    const { log, toPeer$ } = await meet({ protocol });
    if (notify) toPeer$.next(CLOSE_NOTIFY);
    toPeer$.complete();
    await quiet();
    assert.equal(log, [...ending, 'taken: end']);
  });

  eachProtocol(`${policy}: our ending is only told when the kernel has it`, async (protocol) => {
    const { network, log, toPeer$ } = await meet({ protocol });
    network.full = true;
    if (notify) toPeer$.next(CLOSE_NOTIFY);
    toPeer$.complete();
    await quiet();
    assert.not.ok(log.includes('taken: end'));
    // close_notify, and then FIN.
    network.drain();
    await quiet();
    assert.equal(log, [...ending, 'taken: end']);
  });

  eachProtocol(`${policy}: the peer can go on talking after our ending`, async (protocol) => {
    const { network, client, log, toPeer$ } = await meet({ protocol });
    if (notify) toPeer$.next(CLOSE_NOTIFY);
    toPeer$.complete();
    await quiet();
    network.arrives(await client.seal('still here'), await client.sealCloseNotify(), 'fin');
    await quiet();
    assert.equal(log, [...ending, 'taken: end', 'peer: still here', 'peer: close_notify', 'peer: end']);
  });

  eachProtocol(`${policy}: hanging up waits for an ending that is on its way`, async (protocol) => {
    const { log, say, toPeer$, hangUp$, client } = await meet({ protocol });
    say('hello');
    if (notify) toPeer$.next(CLOSE_NOTIFY);
    toPeer$.complete();
    hangUp$.next();
    await until('TCP to be gone', () => log.includes('hung up: end'));
    assert.equal(log.slice(-5), [...ending, 'taken: end', 'TCP gone', 'hung up: now', 'hung up: end'].slice(-5));
    assert.equal(client.heard, ['hello', ...(notify ? ['close_notify'] : []), 'FIN']);
  });

  eachProtocol(`${policy}: hanging up does not wait for a network that is full`, async (protocol) => {
    const { network, log, say, toPeer$, hangUp$ } = await meet({ protocol });
    network.full = true;
    say('hello');
    if (notify) toPeer$.next(CLOSE_NOTIFY);
    toPeer$.complete();
    await quiet();
    hangUp$.next();
    // Two turns, for a socket that is only about to say that it has room.
    for (let turns = 0; turns < 3; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(log, ['wrote data', 'TCP gone', 'hung up: now', 'hung up: end']);
  });
}

eachProtocol('hanging up without an ending on its way is done at once', async (protocol) => {
  const { log, hangUp$ } = await meet({ protocol });
  hangUp$.next();
  assert.equal(log, ['TCP gone', 'hung up: now', 'hung up: end']);
});

eachProtocol('hanging up lets out the alert that waits behind a write', async (protocol) => {
  const { network, client, log, say, hangUp$, engine } = await meet({ protocol });
  const bad = spoilt(await client.seal('hello'));
  engine.fromPeer$.subscribe({ error: () => hangUp$.next() });
  network.arrives(bad);
  // In the same turn, so that Node does not know yet that it has been taken.
  say('answer');
  say('more');
  await quiet();
  const wrote = log.filter((event) => event.startsWith('wrote') || event === 'TCP gone');
  assert.equal(wrote, ['wrote data', 'wrote alert', 'TCP gone']);
  assert.equal(client.heard, ['answer', 'fails: sslv3 alert bad record mac']);
});

eachProtocol('when the graph says that the connection is broken, nothing more is said', async (protocol) => {
  const { log, say, toPeer$ } = await meet({ protocol });
  say('hello');
  await quiet();
  toPeer$.error(new Fault('badRecord', 'broken'));
  await quiet();
  assert.equal(log, ['wrote data', 'taken: 5']);
});

test('a client that is told many things gets them in order', async () => {
  const { client, say, log } = await meet();
  const words = Array.from({ length: 200 }, (_, index) => `word ${index};`);
  for (const word of words) say(word);
  await until('all to be taken', () => log.filter((event) => event.startsWith('taken')).length === words.length);
  await until('all to be heard', () => client.heard.join('') === words.join(''));
});

test.run();
