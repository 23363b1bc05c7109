import { open } from 'node:fs/promises';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { certificates, pem } from '../fixtures/certificates.ts';
import { skip } from '../support/live-skips.ts';
import { eachProtocol, once } from './support/live.ts';
import { NOBODY, SOMEBODY } from './support/nobody.ts';
import { KeyFiles, nameSeen, nameShown, NEW, OLD, reload, RELOADED } from './support/renewed.ts';
import { field } from './support/tlsd.ts';
import { poll, within } from './support/watch.ts';

// SIGHUP: the keys are read again.

const ECHO = ['sh', '-c', 'echo ready; exec cat'];
const TLS = { TLS_UID: String(SOMEBODY.uid), TLS_GID: String(SOMEBODY.gid) };
const U_G = ['-u', String(NOBODY.uid), '-g', String(NOBODY.gid)];

/** Ways to run it: who reads the keys again, and who uses them. */
const WAYS: readonly (readonly [title: string, options: readonly string[], env: Record<string, string>])[] = [
  ['-w0', ['-w0'], {}],
  ['-w2', ['-w2'], {}],
];
const AS_ROOT: typeof WAYS = [
  ['-w0, by the keeper', ['-w0', ...U_G], {}],
  ['-w2, by the keeper', ['-w2', ...U_G], TLS],
];

const asRoot = process.getuid?.() === 0;
if (!asRoot) skip('keys that only root can read, read again: this needs root');

for (const [title, options, ids] of asRoot ? [...WAYS, ...AS_ROOT] : WAYS) {
  eachProtocol(
    `${title}: new connections get the new pair, and what has begun goes on with the old one`,
    async (live) => {
      const files = new KeyFiles(OLD);
      const env = { ...ids, ...files.env };
      const server = await live.resident({ options: [...options, '-v2', '-S'], env, prog: ECHO });
      const served = await live.join(server.port);
      await served.receives('ready');
      const begun = await live.join(server.port, { handshake: 'none' });
      await server.says(/: 2: from /);
      files.become(NEW);
      assert.is(await nameShown(live, server), OLD.subject);
      assert.is(await reload(server), RELOADED);
      for (let each = 0; each < 4; each++) assert.is(await nameShown(live, server), NEW.subject);
      begun.startTls();
      await begun.receives('ready');
      for (const peer of [served, begun]) {
        assert.is(nameSeen(peer), OLD.subject);
        await peer.send('still here\n');
        await peer.receives('still here\n');
        peer.fin();
        assert.is(await peer.ended(), 'close_notify, fin');
      }
    },
  );

  once(
    `${title}: a pair that is no good is refused with a line, the old one stays, and a good one is taken`,
    async (live) => {
      const files = new KeyFiles(OLD);
      const { KEYFILE, CERTFILE } = files.env;
      const server = await live.resident({
        options: [...options, '-v2'],
        env: { ...ids, ...files.env },
        prog: ['cat'],
      });
      const refuses = async (reason: string): Promise<void> => {
        assert.is(await reload(server), `s6-tlsserver: warning: the keys stay as they were: ${reason}\n`);
        assert.is(await nameShown(live, server), OLD.subject);
        assert.is(await nameShown(live, server), OLD.subject);
      };
      files.write('CERTFILE', NEW.cert);
      await refuses(
        `unable to use CERTFILE ${CERTFILE}: its first certificate is not for the key in KEYFILE ${KEYFILE}`,
      );
      files.write('CERTFILE', 'no certificate at all\n');
      await refuses(`unable to use CERTFILE ${CERTFILE}: no certificate in it`);
      rmSync(CERTFILE);
      await refuses(`unable to read CERTFILE ${CERTFILE}: no such file or directory`);
      files.become(NEW);
      rmSync(KEYFILE);
      await refuses(`unable to read KEYFILE ${KEYFILE}: no such file or directory`);
      files.become(NEW);
      assert.is(await reload(server), RELOADED);
      assert.is(await nameShown(live, server), NEW.subject);
    },
  );

  once(
    `${title}: pairs for server names, and what client certificates are measured by, are read again`,
    async (live) => {
      const { client, clientCa, strangerClient } = certificates();
      const files = new KeyFiles(OLD);
      const anchors = join(files.directory, 'anchors.pem');
      writeFileSync(anchors, clientCa.cert);
      const env = {
        ...ids,
        ...{ 'KEYFILE:shop.example': files.env.KEYFILE, 'CERTFILE:shop.example': files.env.CERTFILE, CAFILE: anchors },
      };
      const server = await live.resident({ options: [...options, '-v2', '-k1', '-y'], env, prog: ECHO });
      const welcome = async (identity: typeof client, name: string): Promise<void> => {
        const peer = await live.join(server.port, { servername: 'shop.example', ...pem(identity) });
        await peer.receives('ready');
        assert.is(nameSeen(peer), name);
        peer.fin();
        await peer.ended();
      };
      const unwelcome = async (identity: typeof client): Promise<void> => {
        const peer = await live.join(server.port, { handshake: false, ...pem(identity) });
        await peer.ended();
        assert.is(peer.text, '');
        await peer.until('an alert', () => peer.alert === 'unknown_ca');
      };
      await welcome(client, OLD.subject);
      await unwelcome(strangerClient);
      files.become(NEW);
      writeFileSync(anchors, strangerClient.cert);
      assert.is(await reload(server), RELOADED);
      await welcome(strangerClient, NEW.subject);
      await unwelcome(client);
    },
  );

  once(`${title}: SIGHUP twenty times, and it serves`, async (live) => {
    const server = await live.resident({ options: [...options, '-v2'], env: ids, prog: ECHO });
    for (let each = 0; each < 20; each++) server.signal('SIGHUP');
    await server.says(/the keys were read again/);
    await nameShown(live, server);
    assert.not.match(server.stderr, /warning|fatal/);
  });
}

if (asRoot) {
  once('SIGHUP while the keys are being read: they are read once more', async (live) => {
    const files = new KeyFiles(OLD);
    const server = await live.resident({ options: ['-v2', ...U_G], env: files.env, prog: ['cat'] });
    const chain = files.read('CERTFILE');
    files.makeFifo('CERTFILE');
    server.signal('SIGHUP');
    // Opening it waits for the keeper, which has read the old key by then.
    const fifo = await within('the keeper to read', open(files.env.CERTFILE, 'w'));
    files.become(NEW);
    server.signal('SIGHUP');
    await poll('the signal to have arrived', () => /^0+$/.test(field(server.pid, 'ShdPnd')));
    await fifo.writeFile(chain);
    await fifo.close();
    await server.says(/(?:[^]*the keys were read again\n){2}/);
    assert.is(await nameShown(live, server), NEW.subject);
  });
}

once('SIGHUP without -v2 says nothing, unless the keys are no good', async (live) => {
  const files = new KeyFiles(OLD);
  const server = await live.resident({ env: files.env, prog: ['cat'] });
  files.become(NEW);
  server.signal('SIGHUP');
  await poll('the new pair', async () => (await nameShown(live, server)) === NEW.subject);
  assert.is(server.stderr, '');
  files.write('KEYFILE', OLD.key);
  assert.match(await reload(server), /^s6-tlsserver: warning: the keys stay as they were: unable to use CERTFILE /);
});

once('SIGHUP while the last connections finish does not keep them from it', async (live) => {
  const server = await live.resident({ options: ['-v2', '-S'], prog: ECHO });
  const peer = await live.join(server.port);
  await peer.receives('ready');
  server.signal('SIGTERM');
  assert.is(await reload(server), RELOADED);
  await peer.send('still here\n');
  await peer.receives('still here\n');
  peer.fin();
  assert.is(await peer.ended(), 'close_notify, fin');
  assert.is(await server.exit(), 0);
});

test.run();
