import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { within } from '../../live/support/watch.ts';
import { listening } from './support/telling.ts';
import { undoAll } from './support/undo.ts';

test.after.each(undoAll);

test('near the limit of descriptors a connection is closed at once with a warning, and the server lives', async () => {
  const child = listening(['sh', '-c', `ulimit -n ${LIMIT}; exec "$@"`, 'sh'], ['127.0.0.1', '0']);
  const [bound] = await child.tells('bound');
  const clients: Socket[] = [];
  // The child sends its pid on each connection that it serves, and nothing on one that it closes.
  const isServed = async (): Promise<boolean> => {
    const client = connect({ port: Number(bound), host: '127.0.0.1', allowHalfOpen: true });
    clients.push(client);
    client.on('error', () => undefined); // A reset says no as well.
    await within('an end', once(client.resume(), 'end'));
    if (client.bytesRead === 0) client.destroy();
    return client.bytesRead > 0;
  };
  let served = 0;
  while (await isServed()) served += 1;
  const [warning] = (await child.tells('warning')) as string[];
  assert.is(
    warning,
    `unable to serve a connection: descriptor ${LIMIT - RESERVE} is within ${RESERVE} of the limit, ${LIMIT} (ulimit -n)`,
  );
  assert.is((await child.tells('ends', served)).length, served);

  const gone = clients.slice(0, 4).map((client) => once(client.destroy(), 'close'));
  await Promise.all(gone);
  assert.ok(await within('a served connection', servedAgain(isServed)));
  for (const client of clients) client.destroy();
  assert.is(await child.end(), 0);
});

/** The child may hear of a new connection before it has heard of the ends of old ones. */
const servedAgain = async (isServed: () => Promise<boolean>): Promise<boolean> =>
  (await isServed()) || servedAgain(isServed);

const LIMIT = 80;
const RESERVE = 16;

test.run();
