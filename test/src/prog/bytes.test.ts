import { PassThrough } from 'node:stream';
import { AsyncSubject, NEVER, of, Subject, type Observable } from 'rxjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { borrow } from '../../../src/memory.ts';
import { readFrom, writtenTo } from '../../../src/prog/bytes.ts';

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

/** What came of chunks that were written to a stream. */
const written = (ends$: Observable<{ stdin: PassThrough } | undefined>, chunk$: Observable<Uint8Array>): unknown[] => {
  const events: unknown[] = [];
  chunk$.pipe(writtenTo(ends$)).subscribe({ next: (length) => events.push(length), complete: () => events.push('|') });
  return events;
};

test('a chunk counts as taken when it is written, not before, and all of them before the end', async () => {
  const stdin = new PassThrough({ highWaterMark: 1 });
  stdin.write('filled');
  const events = written(of({ stdin }), of(Buffer.from('abc'), Buffer.from('d')));
  await turn();
  assert.equal(events, []);
  stdin.resume();
  await turn();
  assert.equal(events, [3, 1, '|']);
});

test('a chunk also counts as taken when nobody takes it', async () => {
  const stdin = new PassThrough();
  stdin.on('error', () => undefined);
  stdin.destroy(new Error('EPIPE'));
  const gone = written(of({ stdin }), of(Buffer.from('late')));
  const never = written(of(undefined), of(Buffer.from('a'), Buffer.from('bc')));
  assert.equal(never, [], 'not within the call: whoever counts may not listen yet');
  await turn();
  assert.equal(gone, [4, '|']);
  assert.equal(never, [1, 2, '|']);
});

test('chunks that come before prog wait for it, in their order', async () => {
  const stdin = new PassThrough();
  const ends$ = new AsyncSubject<{ stdin: PassThrough }>();
  const chunk$ = new Subject<Uint8Array>();
  const events = written(ends$, chunk$);
  chunk$.next(Buffer.from('a'));
  chunk$.next(Buffer.from('b'));
  ends$.next({ stdin });
  ends$.complete();
  chunk$.next(Buffer.from('c'));
  chunk$.complete();
  await turn();
  assert.equal(events, [1, 1, 1, '|']);
  assert.is(String(stdin.read()), 'abc');
});

test('a piece of memory is used again once the kernel has taken it, and not before', async () => {
  const stdin = new PassThrough({ highWaterMark: 1 });
  stdin.write('filled');
  const piece = borrow();
  written(of({ stdin }), of(piece.subarray(0, 10)));
  await turn();
  assert.is.not(borrow().buffer, piece.buffer);
  stdin.resume();
  await turn();
  assert.is(borrow().buffer, piece.buffer);
});

test.run();
