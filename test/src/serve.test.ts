import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  asyncScheduler,
  EMPTY,
  isObservable,
  NEVER,
  Observable,
  ReplaySubject,
  Subject,
  Subscription,
  throwError,
} from 'rxjs';
import { Fault, type Bytes, type CloseNotify, type Handshake, type ProgStatus } from '../../graph/vocabulary.ts';
import type { Verdict } from '../../graph/verdict.ts';
import type { Settings, Sinks, Sources } from '../../graph/world.ts';
import { serve, type Drivers } from '../../src/serve.ts';
import { within } from './prog/support.ts';

const SETTINGS: Settings = {
  policy: 's',
  requireCloseNotify: false,
  idleTimeout: 0,
  patience: { silence: 1_000, total: 1_000 },
  highWaterMark: 100,
  scheduler: asyncScheduler,
};

/** Drivers that carry nothing, and note in `log` what is asked of them. */
const drivers = () => {
  const log: string[] = [];
  const secured$ = new ReplaySubject<Handshake>(1);
  const fromPeer$ = new Subject<Bytes | CloseNotify>();
  const hungUp$ = new ReplaySubject<void>(1);
  const progExit$ = new ReplaySubject<ProgStatus>(1);
  function noted<T>(name: string, stream$: Observable<T>): Observable<T> {
    return new Observable((subscriber) => {
      log.push(`listens to ${name}`);
      const subscription = stream$.subscribe(subscriber);
      return () => {
        log.push(`lets go of ${name}`);
        subscription.unsubscribe();
      };
    });
  }
  const given: Drivers = {
    peer: {
      secured$: noted('secured$', secured$),
      fromPeer$: noted('fromPeer$', fromPeer$),
      takenByPeer$: NEVER,
      hungUp$,
      connect(sinks) {
        log.push('peer connected');
        const subscription = new Subscription(() => log.push('peer let go'));
        subscription.add(sinks.toPeer$.subscribe({ error: () => undefined }));
        subscription.add(sinks.demandPeer$.subscribe());
        subscription.add(sinks.hangUp$.subscribe(() => hungUp$.next()));
        return subscription;
      },
    },
    prog: {
      fromProg$: EMPTY,
      takenByProg$: NEVER,
      progStdinGone$: NEVER,
      progExit$,
      connect(sinks) {
        log.push('prog connected');
        const subscription = new Subscription(() => log.push('prog let go'));
        subscription.add(sinks.startProg$.subscribe(() => log.push('prog starts')));
        subscription.add(sinks.toProg$.subscribe());
        subscription.add(sinks.demandProg$.subscribe());
        return subscription;
      },
    },
    signal$: NEVER,
    watch: (streams) => streams,
  };
  return { given, log, secured$, fromPeer$, progExit$ };
};

test('nothing happens before somebody wants the verdict', () => {
  const { given, log } = drivers();
  serve(given, SETTINGS);
  assert.equal(log, []);
});

test('prog is connected, so that it is started before the rest is made, and then the peer', () => {
  const { given, log } = drivers();
  const subscription = serve(given, SETTINGS).subscribe();
  assert.is(log.filter((event) => event === 'listens to secured$').length, 1);
  assert.ok(log.indexOf('prog connected') < log.indexOf('peer connected'));
  subscription.unsubscribe();
});

test('unsubscribing lets go of the drivers', () => {
  const { given, log, secured$ } = drivers();
  const subscription = serve(given, SETTINGS).subscribe();
  secured$.next({ protocol: 'TLSv1.3', cipher: 'A' });
  assert.ok(log.includes('listens to fromPeer$'));
  subscription.unsubscribe();
  assert.ok(log.includes('lets go of secured$'));
  assert.equal(log.slice(-2).sort(), ['peer let go', 'prog let go']);
});

/** All that comes of a connection. */
const outcome = (given: Drivers): Promise<readonly (Verdict | 'end')[]> =>
  new Promise((resolve, reject) => {
    const told: (Verdict | 'end')[] = [];
    serve(given, SETTINGS).subscribe({
      next: (verdict) => told.push(verdict),
      complete: () => resolve([...told, 'end']),
      error: reject,
    });
  });

test('a connection that broke gives one verdict, the end, and lets go of the drivers', async () => {
  const { given, log, secured$, fromPeer$, progExit$ } = drivers();
  const told = outcome(given);
  secured$.next({ protocol: 'TLSv1.3', cipher: 'A' });
  fromPeer$.error(new Fault('reset', 'ECONNRESET'));
  progExit$.next({ code: 4 });
  const [verdict, end, ...more] = await within('the verdict', told);
  assert.is(end, 'end');
  assert.equal(more, []);
  assert.equal((verdict as Verdict).prog, { code: 4 });
  assert.equal((verdict as Verdict).cause, { fault: new Fault('reset', 'ECONNRESET') });
  assert.ok(log.includes('prog let go') && log.includes('peer let go'), log.join(', '));
});

test('a handshake that failed before we listened gives a verdict, and prog is not started', async () => {
  const { given, log, secured$ } = drivers();
  secured$.error(new Fault('handshake', 'http request'));
  const [verdict] = await within('the verdict', outcome(given));
  assert.is((verdict as Verdict).secured, false);
  assert.not.ok(log.includes('prog starts'));
});

test('everything that passes can be watched, and what the watcher gives back is what is used', async () => {
  const { given } = drivers();
  const watched: string[][] = [];
  const watch = <T extends Sources | Sinks>(streams: T): T => {
    watched.push(Object.keys(streams).sort());
    assert.ok(Object.values(streams).every((stream$) => isObservable(stream$)));
    return 'secured$' in streams ? { ...streams, secured$: throwing$ } : streams;
  };
  const [verdict] = await within('the verdict', outcome({ ...given, watch }));
  assert.equal((verdict as Verdict).cause, { fault: new Fault('handshake', 'by the watcher') });
  assert.equal(watched, [
    [
      'fromPeer$',
      'fromProg$',
      'hungUp$',
      'progExit$',
      'progStdinGone$',
      'secured$',
      'signal$',
      'takenByPeer$',
      'takenByProg$',
    ],
    ['demandPeer$', 'demandProg$', 'hangUp$', 'progSignal$', 'startProg$', 'toPeer$', 'toProg$', 'verdict$'],
  ]);
});

const throwing$ = throwError(() => new Fault('handshake', 'by the watcher'));

test.run();
