import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { installed } from '../support/live-skips.ts';
import { freePort, Kitchen, recipe } from './support/kitchen.ts';
import { once } from './support/live.ts';
import { poll } from './support/watch.ts';

// The README's recipes, run as they stand there: in an empty directory, with s6-tlsd on the PATH and PORT set.

for (const [name, superServerProgram] of [
  ['socat', 'socat'],
  ['tcpserver', 'tcpserver'],
  ['gemini', 'socat'],
  ['server', 'sh'],
  ['server under s6', 's6-supervise'],
] as const) {
  const tools = ['openssl', superServerProgram];
  if (!tools.every((tool) => installed(tool, `the README's recipe for ${name}`))) continue;
  once(`the README's recipe for ${name} does what it says`, async (live) => {
    const port = await freePort();
    const kitchen = new Kitchen(live, port);
    await kitchen.follow('certificate');
    await kitchen.follow('prog');
    const server = kitchen.start(`${name}, server`);
    await poll(`a listener: ${server.stderr}`, () => listens(port));
    // Twice: a super-server serves more than one connection.
    assert.is(await kitchen.follow(`${name}, client`), recipe(`${name}, output`));
    assert.is(await kitchen.follow(`${name}, client`), recipe(`${name}, output`));
    assert.is(server.stderr, '');
    server.stop();
  });
}

/** Looked up rather than tried: a connection would start the program. */
const listens = (port: number): boolean =>
  readFileSync('/proc/net/tcp', 'latin1').includes(
    `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`,
  );

test.run();
