import { PassThrough } from 'node:stream';
import { NEVER, of, Subject } from 'rxjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readFrom, writeTo } from '../../../src/prog/bytes.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('nothing is read before demand has had a first value', async () => {
  const stdout = new PassThrough();
  const demand$ = new Subject<boolean>();
  const heard: string[] = [];
  readFrom(stdout, demand$).subscribe((chunk) => heard.push(String(chunk)));
  stdout.write('a');
  await turn();
  assert.equal(heard, []);
  demand$.next(true);
  await turn();
  assert.equal(heard, ['a']);
});

test('demand that goes down in the middle of a burst stops it there', async () => {
  const stdout = new PassThrough();
  const demand$ = new Subject<boolean>();
  const heard: string[] = [];
  for (const chunk of ['a', 'b', 'c']) stdout.write(chunk);
  readFrom(stdout, demand$).subscribe((chunk) => {
    heard.push(String(chunk));
    demand$.next(false);
  });
  demand$.next(true);
  await turn();
  assert.equal(heard, ['a']);
});

test('EOF completes, after the last byte, and closes our end', async () => {
  const stdout = new PassThrough();
  const events: string[] = [];
  readFrom(stdout, of(true)).subscribe({
    next: (chunk) => events.push(String(chunk)),
    complete: () => events.push('|'),
  });
  stdout.end('a');
  await turn();
  assert.equal(events, ['a', '|']);
  assert.ok(stdout.destroyed);
});

test('EOF that came before anybody listened completes at once', async () => {
  const stdout = new PassThrough();
  stdout.resume().end();
  await turn();
  let completed = false;
  readFrom(stdout, NEVER).subscribe({ complete: () => (completed = true) });
  assert.ok(completed);
});

test('a pipe that cannot be read is EOF', async () => {
  const stdout = new PassThrough();
  stdout.on('error', () => undefined);
  const events: string[] = [];
  readFrom(stdout, of(true)).subscribe({ complete: () => events.push('|') });
  stdout.destroy(new Error('EIO'));
  await turn();
  assert.equal(events, ['|']);
});

test('unsubscribing closes our end', () => {
  const stdout = new PassThrough();
  readFrom(stdout, NEVER).subscribe().unsubscribe();
  assert.ok(stdout.destroyed);
});

test('a chunk counts as taken when it is written, not before, and also when nobody takes it', async () => {
  const taken: number[] = [];
  const full = new PassThrough({ highWaterMark: 1 });
  full.write('filled');
  writeTo(full, Buffer.from('abc')).subscribe((length) => taken.push(length));
  await turn();
  assert.equal(taken, []);
  full.resume();
  await turn();
  assert.equal(taken, [3]);

  const gone = new PassThrough();
  gone.on('error', () => undefined);
  gone.destroy(new Error('EPIPE'));
  writeTo(gone, Buffer.from('late')).subscribe((length) => taken.push(length));
  await turn();
  assert.equal(taken, [3, 4]);
});

test.run();
