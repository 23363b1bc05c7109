import { config, map, Observable, of, Subject } from 'rxjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ignore, relay, relaying } from '../../../graph/lean/relay.ts';

const BUG = new Error('bug');
const fails = (): never => {
  throw BUG;
};

test('an error thrown by what hears is the error of the stream, and the source is let go', () => {
  const source$ = new Subject<string>();
  const errors: unknown[] = [];
  source$.pipe(relaying({ next: fails })).subscribe({ error: (error: unknown) => errors.push(error) });
  source$.next('a');
  source$.next('b');
  assert.equal([errors, source$.observed], [[BUG], false]);
});

for (const end of ['error', 'complete'] as const)
  test(`so is one that is thrown at the source's ${end}`, () => {
    const source$ = new Subject<string>();
    const errors: unknown[] = [];
    source$.pipe(relaying({ [end]: fails })).subscribe({ error: (error: unknown) => errors.push(error) });
    source$[end](new Error('the source'));
    assert.equal(errors, [BUG]);
  });

test('nothing is heard after the last word, not even what that word brings about', () => {
  const source$ = new Subject<string>();
  const heard: string[] = [];
  const last$ = source$.pipe(relaying<string>({ next: (word, listener) => listener.sayLast(word) }));
  last$.subscribe((word) => {
    heard.push(word);
    source$.next('again');
  });
  source$.next('once');
  assert.equal(heard, ['once']);
});

test('who ends by itself has said so before it lets go of its source', () => {
  const told: string[] = [];
  const source$ = new Observable<string>((to) => {
    to.add(() => told.push('source let go'));
    queueMicrotask(() => to.next('a'));
  });
  source$
    .pipe(relaying({ next: (_, listener) => listener.end() }))
    .subscribe({ complete: () => told.push('completed') });
  return Promise.resolve().then(() => assert.equal(told, ['completed', 'source let go']));
});

test('who has something to say at the end of its source has let go of it before', () => {
  const source$ = new Subject<string>();
  let observed: boolean | undefined;
  source$
    .pipe(relaying<string>({ complete: (listener) => listener.sayLast('end') }))
    .subscribe(() => (observed = source$.observed));
  source$.complete();
  assert.is(observed, false);
});

test('operators of RxJS before and behind it let go of all there is', () => {
  const source$ = new Subject<number>();
  const heard: number[] = [];
  const twice = map((value: number) => 2 * value);
  const subscription = source$.pipe(twice, relaying<number>({}), twice).subscribe((value) => heard.push(value));
  source$.next(1);
  subscription.unsubscribe();
  source$.next(2);
  assert.equal([heard, source$.observed], [[4], false]);
});

test('who is gone already listens to nothing', () => {
  const source$ = new Subject<string>();
  new Observable<string>((to) => {
    to.complete();
    relay(source$, to, {});
  }).subscribe();
  assert.is(source$.observed, false);
});

test('a subscriber that goes on does not hold a listener whose source has ended', () => {
  const source$ = new Subject<string>();
  const removed: unknown[] = [];
  let listener: unknown;
  new Observable<string>((to) => {
    to.remove = (teardown) => removed.push(teardown);
    listener = relay(source$, to, { complete: ignore });
  }).subscribe();
  source$.complete();
  assert.equal(removed.length, 1);
  assert.is(removed[0], listener);
});

test('an error thrown by who listens in the end is reported, and does not come back into the stream', async () => {
  const heard: unknown[] = [];
  const reported = await new Promise((resolve) => {
    config.onUnhandledError = resolve;
    of(1, 2)
      .pipe(relaying<number>({}))
      .subscribe({
        next: (value) => (value === 1 ? fails() : heard.push(value)),
        error: (error: unknown) => heard.push(error),
      });
  });
  config.onUnhandledError = null;
  assert.equal([reported, heard], [BUG, [2]]);
});

test.run();
