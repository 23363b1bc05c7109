import { once } from 'node:events';
import { Socket } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { KeeperPort } from '../../../../src/keeper/port.ts';
import type { Reply, Request } from '../../../../src/keeper/protocol.ts';
import { loadPipe2 } from '../../../../src/prog/pipe2.ts';
import { relay } from '../../../../src/resident/workers/relay.ts';
import { within } from '../../../live/support/watch.ts';

/** Between a worker and a keeper that only take notes. */
const relaying = () => {
  const sent: (readonly [Request, Socket | undefined])[] = [];
  const told: (Reply | 'gone')[] = [];
  let heard: Parameters<KeeperPort['listen']>[0] | undefined;
  const keeper: KeeperPort = {
    send: (request, descriptor) => void sent.push([request, descriptor]),
    listen: (given) => (heard = given),
    hold: () => undefined,
    close: () => undefined,
  };
  const passing = relay(keeper, (reply) => void told.push(reply));
  return { passing, sent, told, replies: (reply: Reply) => heard?.reply(reply), goes: () => heard?.gone() };
};

/** One end of a pipe as Node makes a socket of what comes with a message: it is about to be read. The other end is given, too. */
const received = (): { readonly end: Socket; readonly other: Socket } => {
  const pipe2 = loadPipe2();
  if ('reason' in pipe2) throw new Error(pipe2.reason);
  const [readEnd, writeEnd] = pipe2.makePipe();
  return { end: new Socket({ fd: readEnd }), other: new Socket({ fd: writeEnd, readable: false, writable: true }) };
};

test('requests are passed on as they are, descriptors with them, and replies back', () => {
  const { passing, sent, told, replies } = relaying();
  const { end, other } = received();
  passing.ask({ id: '1', ask: 'stdout' }, end);
  passing.ask({ id: '1', ask: 'handed' }, undefined);
  assert.equal(sent.map(([request]) => request), [{ id: '1', ask: 'stdout' }, { id: '1', ask: 'handed' }]); // prettier-ignore
  assert.is(sent[0]?.[1], end);
  assert.is(sent[1]?.[1], undefined);
  replies({ id: '1', tell: 'ended', status: { code: 7 } });
  assert.equal(told, [{ id: '1', tell: 'ended', status: { code: 7 } }]);
  other.destroy();
});

for (const [title, reply] of [
  ['started', { id: '1', tell: 'started' }],
  ['ended', { id: '1', tell: 'ended', status: { code: 111 } }],
] as const)
  test(`descriptors are closed when the keeper says that prog has ${title}, those of that prog only`, () => {
    const { passing, replies } = relaying();
    const [stdout, stdin, another] = [received(), received(), received()];
    passing.ask({ id: '1', ask: 'stdout' }, stdout.end);
    passing.ask({ id: '1', ask: 'start', variables: {} }, stdin.end);
    passing.ask({ id: '2', ask: 'stdout' }, another.end);
    replies({ id: '1', tell: 'warning', message: 'not yet' });
    assert.not(stdout.end.destroyed || stdin.end.destroyed);
    replies(reply);
    assert.ok(stdout.end.destroyed && stdin.end.destroyed);
    assert.not(another.end.destroyed);
    for (const each of [stdout, stdin, another]) {
      each.end.destroy();
      each.other.destroy();
    }
  });

test('a keeper that has gone needs no descriptors, and the worker hears of it', () => {
  const { passing, told, goes } = relaying();
  const [one, another] = [received(), received()];
  passing.ask({ id: '1', ask: 'stdout' }, one.end);
  passing.ask({ id: '2', ask: 'stdout' }, another.end);
  goes();
  assert.ok(one.end.destroyed && another.end.destroyed);
  assert.equal(told, ['gone']);
  for (const { other } of [one, another]) other.destroy();
});

test('for a worker that has gone the keeper is asked to say what came through', () => {
  const { passing, sent, replies } = relaying();
  const [one, another] = [received(), received()];
  passing.ask({ id: '1', ask: 'stdout' }, one.end);
  passing.ask({ id: '2', ask: 'stdout' }, another.end);
  replies({ id: '1', tell: 'started' });
  sent.length = 0;
  passing.workerGone();
  assert.equal(sent, [[{ id: '2', ask: 'handed' }, undefined]]);
  assert.not(another.end.destroyed);
  replies({ id: '2', tell: 'ended', status: { code: 111 } });
  assert.ok(another.end.destroyed);
  for (const { other } of [one, another]) other.destroy();
});

test('nothing is read from what is passed on: it is prog’s', async () => {
  const { passing } = relaying();
  const { end, other } = received();
  passing.ask({ id: '1', ask: 'start', variables: {} }, end);
  await within('the pipe to take it', new Promise((resolve) => other.write('for prog', resolve)));
  // A control in the same place: what is not passed on is read by now.
  const control = received();
  const read = once(control.end.resume(), 'data');
  control.other.write('for us');
  await within('the control', read);
  assert.is(end.bytesRead, 0);
  for (const each of [end, other, control.end, control.other]) each.destroy();
});

test.run();
