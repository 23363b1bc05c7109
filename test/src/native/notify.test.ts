import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadDatagrams, type SendDatagram } from '../../../src/native/notify.ts';
import { receiver } from '../resident/support/telling.ts';
import { undoAll } from '../resident/support/undo.ts';

test.after.each(undoAll);

const loaded = (): SendDatagram => {
  const datagrams = loadDatagrams();
  assert.ok('sendDatagram' in datagrams, 'koffi is installed here');
  return datagrams.sendDatagram;
};

const directory = mkdtempSync(join(tmpdir(), 'marble-tls-notify-'));
test.after(() => rmSync(directory, { recursive: true, force: true }));

const long = join(directory, 'x'.repeat(106 - directory.length));

for (const address of [join(directory, 'socket'), long, `@marble-tls-${process.pid}`]) {
  test(`a datagram reaches ${address.slice(0, 40)}, in one piece, from us`, async () => {
    const manager = await receiver(address);
    loaded()(address, 'A=ü\nB=2');
    loaded()(address, 'C=3');
    assert.equal(await manager.tells('message', 2), [
      ['A=ü\nB=2', process.pid],
      ['C=3', process.pid],
    ]);
    assert.is(await manager.end(), 0);
  });
}

test('no descriptor is left, whether it was sent or not', () => {
  const sendDatagram = loaded();
  const before = readdirSync('/proc/self/fd').length;
  for (let each = 0; each < 3; each += 1) assert.throws(() => sendDatagram('/nonexistent', 'A=1'));
  assert.is(readdirSync('/proc/self/fd').length, before);
});

test('why it could not be sent is said in the words of the system', async () => {
  const sendDatagram = loaded();
  const reasonFor = (address: string): string => {
    try {
      sendDatagram(address, 'A=1');
      return 'sent';
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.is(reasonFor(join(directory, 'nobody')), 'no such file or directory');
  assert.is(reasonFor(`@marble-tls-nobody-${process.pid}`), 'connection refused');
  assert.is(reasonFor(`/${'x'.repeat(200)}`), 'invalid argument');
  const full = join(directory, 'full');
  const manager = await receiver(full, 'full');
  assert.is(reasonFor(full), 'resource temporarily unavailable');
  assert.is(await manager.end(), 0);
});

test.run();
