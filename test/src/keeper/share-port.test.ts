import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { KeeperPort } from '../../../src/keeper/port.ts';
import type { Reply, Request } from '../../../src/keeper/protocol.ts';
import { sharePort } from '../../../src/keeper/share-port.ts';

/** A keeper that only takes notes, shared. */
const shared = () => {
  const done: string[] = [];
  const sent: Request[] = [];
  let heard: Parameters<KeeperPort['listen']>[0] | undefined;
  const share = sharePort({
    send: (request) => void sent.push(request),
    listen: (given) => (heard = given),
    hold: (alive) => void done.push(`hold ${alive}`),
    close: () => void done.push('close'),
  });
  /** One that shares it, and what it hears. */
  const part = (name: string) => {
    const told: (Reply | 'gone')[] = [];
    const port = share(name);
    port.listen({ reply: (reply) => void told.push(reply), gone: () => void told.push('gone') });
    return { port, told };
  };
  return { part, done, sent, replies: (reply: Reply) => heard?.reply(reply), goes: () => heard?.gone() };
};

test('the same id of two is not the same to the keeper, and each hears of its own', () => {
  const { part, sent, replies } = shared();
  const [main, worker] = [part('main'), part('w1')];
  main.port.send({ id: '1', ask: 'handed' });
  worker.port.send({ id: '1', ask: 'credentials' });
  assert.equal(sent, [
    { id: 'main.1', ask: 'handed' },
    { id: 'w1.1', ask: 'credentials' },
  ]);
  replies({ id: 'w1.1', tell: 'started' });
  replies({ id: 'main.1', tell: 'warning', message: 'a message' });
  assert.equal(worker.told, [{ id: '1', tell: 'started' }]);
  assert.equal(main.told, [{ id: '1', tell: 'warning', message: 'a message' }]);
});

test('a name that begins as another is another', () => {
  const { part, replies } = shared();
  const [one, eleven] = [part('w1'), part('w11')];
  replies({ id: 'w11.1', tell: 'started' });
  assert.equal(one.told, []);
  assert.is(eleven.told.length, 1);
});

test('what is for somebody who has closed, or never was, is dropped', () => {
  const { part, replies } = shared();
  const [main, worker] = [part('main'), part('w1')];
  worker.port.close();
  for (const id of ['w1.1', 'w2.1', '1', '']) replies({ id, tell: 'started' });
  assert.equal([main.told, worker.told], [[], []]);
});

test('all hear that the keeper has gone', () => {
  const { part, goes } = shared();
  const [main, worker] = [part('main'), part('w1')];
  goes();
  assert.equal([main.told, worker.told], [['gone'], ['gone']]);
});

test('it keeps the process alive as long as one of them wants it to', () => {
  const { part, done } = shared();
  const [main, worker] = [part('main'), part('w1')];
  main.port.hold(true);
  worker.port.hold(true);
  main.port.hold(false);
  assert.is(done.at(-1), 'hold true');
  worker.port.close();
  assert.is(done.at(-1), 'hold false');
});

test('it is closed when all have closed', () => {
  const { part, done } = shared();
  const [main, worker] = [part('main'), part('w1')];
  main.port.close();
  assert.not(done.includes('close'));
  worker.port.close();
  assert.is(done.at(-1), 'close');
});

test.run();
