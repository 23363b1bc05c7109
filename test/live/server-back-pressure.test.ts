import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eachProtocol } from './support/live.ts';
import { stream } from './support/stream.ts';

// Connections of s6-tlsserver on which nothing moves, beside one on which much does.

eachProtocol('a peer that does not read, and a prog that does not, stop nobody else', async (live) => {
  const server = await live.resident({
    prog: ['sh', '-c', 'read -r what; case $what in *s) yes ;; *) exec sleep 60 ;; esac'],
  });
  const deaf = await live.join(server.port);
  deaf.stopReading();
  await deaf.send('yes\n');
  const unheard = await live.join(server.port);
  await unheard.send('no\n');
  const sending = unheard.sendAll(stream(50_000_000), 1000);
  const heard = await live.join(server.port, { discard: true });
  await heard.send('yes\n');
  await heard.until('a mebibyte', () => heard.received > 1 << 20);
  assert.is(await sending, false);
  for (const peer of [deaf, unheard, heard]) peer.reset();
  server.signal('SIGQUIT');
  assert.is(await server.exit(), 0);
});

test.run();
