import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { serverNameIn } from '../../../src/tls/client-hello.ts';

/** What OpenSSL, as a client, sends first. */
const clientHello = async (servername?: string): Promise<Buffer> => {
  const sent: Buffer[] = [];
  const wire = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      sent.push(chunk);
      done();
      wire.emit('sent');
    },
  });
  const said = once(wire, 'sent');
  const client = connect({ socket: wire, ca: [], ...(servername !== undefined && { servername }) });
  client.on('error', () => undefined);
  await said;
  client.destroy();
  return Buffer.concat(sent);
};

test('the name that a client of OpenSSL asks for', async () => {
  for (const name of ['a.example.org', 'x', `${'long.'.repeat(40)}example`]) {
    assert.is(serverNameIn(await clientHello(name)), name);
  }
});

test('none when the client asks for none', async () => {
  assert.is(serverNameIn(await clientHello()), undefined);
});

test('whatever comes behind the record does not matter', async () => {
  const hello = await clientHello('a.example.org');
  assert.is(serverNameIn(Buffer.concat([hello, Buffer.alloc(100, 0xff)])), 'a.example.org');
});

test('cut short anywhere there is no name, and no error', async () => {
  const hello = await clientHello('a.example.org');
  for (let length = 0; length < hello.length; length += 1) {
    assert.is(serverNameIn(hello.subarray(0, length)), undefined, String(length));
  }
});

test('each byte may be any other: at worst the name is another', async () => {
  const hello = await clientHello('a.example.org');
  for (let at = 0; at < hello.length; at += 1) {
    for (const value of [0, 1, 0x7f, 0xff]) {
      const changed = Buffer.from(hello);
      changed[at] = value;
      const name = serverNameIn(changed);
      assert.ok(name === undefined || name.length <= hello.length);
    }
  }
});

test.run();
