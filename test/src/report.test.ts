import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EMPTY, NEVER, of, Subject, throwError, type Observable } from 'rxjs';
import type { Cause } from '../../graph/closing-rules.ts';
import type { Verdict } from '../../graph/verdict.ts';
import { CLOSE_NOTIFY, Fault, type FaultKind } from '../../graph/vocabulary.ts';
import type { Sources } from '../../graph/world.ts';
import { Death } from '../../src/messages.ts';
import { loadPipe2 } from '../../src/prog/pipe2.ts';
import { reportAt } from '../../src/report.ts';
import { linesOnFd2 } from './support/fd2.ts';

const S6_TLSD = { program: 's6-tlsd' };

const VERDICT: Verdict = {
  first: 'peer',
  peerEnded: 'close_notify',
  progEnded: true,
  weEnded: 'close_notify',
  bytesIn: 6,
  bytesOut: 12,
  milliseconds: 41,
  prog: { code: 0 },
  cause: undefined,
  secured: true,
};
const TOLD =
  's6-tlsd: info: closed: peer first by close_notify, prog by eof; sent close_notify; in 6 out 12; 41 ms; prog exited 0';

const atEachLevel = (say: (report: ReturnType<typeof reportAt>) => void): string[][] =>
  [0, 1, 2, 3, 4].map((verbosity) => linesOnFd2(() => say(reportAt(verbosity, S6_TLSD))));

test('a fatal error is told from 1 on', () => {
  const line = 's6-tlsd: fatal: unable to read KEYFILE: gone';
  const death = new Death('unreadable', { what: 'KEYFILE', reason: 'gone' });
  assert.equal(
    atEachLevel((report) => report.fatal(death)),
    [[], [line], [line], [line], [line]],
  );
});

test('a warning is told from 1 on', () => {
  const line = 's6-tlsd: warning: mend this';
  assert.equal(
    atEachLevel((report) => report.warning('mend this')),
    [[], [line], [line], [line], [line]],
  );
});

test('information is told from 2 on', () => {
  const line = 's6-tlsd: info: know this';
  assert.equal(
    atEachLevel((report) => report.info('know this')),
    [[], [], [line], [line], [line]],
  );
});

test('the verdict on a good end is told from 2 on', () => {
  assert.equal(
    atEachLevel((report) => report.verdict(VERDICT)),
    [[], [], [TOLD], [TOLD], [TOLD]],
  );
});

test('what broke is told from 1 on, and from 2 on the verdict after it', () => {
  const cause: Cause = { fault: new Fault('truncation', 'no close_notify') };
  const line = 's6-tlsd: fatal: unable to carry on with TLS: no close_notify';
  assert.equal(
    atEachLevel((report) => report.verdict({ ...VERDICT, cause })),
    [[], [line], [line, TOLD], [line, TOLD], [line, TOLD]],
  );
});

const FATAL: Readonly<Record<FaultKind, readonly [detail: string, line: string]>> = {
  handshake: ['http request', 'unable to complete the TLS handshake: http request'],
  truncation: ['no close_notify', 'unable to carry on with TLS: no close_notify'],
  cutRecord: ['3 bytes short', 'unable to carry on with TLS: 3 bytes short'],
  alert: ['unknown_ca', 'unable to carry on with TLS: the peer sent alert unknown_ca'],
  badRecord: ['bad record mac', 'unable to carry on with TLS: bad record mac'],
  reset: ['EPIPE', 'unable to talk to the peer: EPIPE'],
};

for (const [kind, [detail, message]] of Object.entries(FATAL)) {
  test(`a fault of kind ${kind} has a fatal line that can be read`, () => {
    const cause: Cause = { fault: new Fault(kind as FaultKind, detail) };
    assert.equal(
      linesOnFd2(() => reportAt(1, S6_TLSD).verdict({ ...VERDICT, cause })),
      [`s6-tlsd: fatal: ${message}`],
    );
  });
}

test('a signal has no fatal line: whoever sent it knows', () => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    assert.equal(
      linesOnFd2(() => reportAt(1, S6_TLSD).verdict({ ...VERDICT, first: signal, cause: { signal } })),
      [],
    );
  }
});

test('what a peer has chosen stays on one line, and no terminal obeys it', () => {
  const cause: Cause = { fault: new Fault('handshake', 'CN=a\ns6-tlsd: info: closed\u001b[2J') };
  const lines = linesOnFd2(() => reportAt(1, S6_TLSD).verdict({ ...VERDICT, cause }));
  assert.equal(lines, ['s6-tlsd: fatal: unable to complete the TLS handshake: CN=a\\x0as6-tlsd: info: closed\\x1b[2J']);
});

/** All sources, none of which says anything. */
const silent = (): Sources => ({
  secured$: NEVER,
  fromPeer$: NEVER,
  fromProg$: NEVER,
  progStdinGone$: NEVER,
  progExit$: NEVER,
  signal$: NEVER,
  takenByPeer$: NEVER,
  takenByProg$: NEVER,
  hungUp$: NEVER,
});

test('below 3 the streams are not even touched', () => {
  for (const verbosity of [0, 1, 2]) {
    const streams = silent();
    assert.is(reportAt(verbosity, S6_TLSD).watch(streams), streams);
  }
});

test('from 3 on every event is a line with the name of its stream, and content is only counted', () => {
  const watched = reportAt(3, S6_TLSD).watch({
    ...silent(),
    secured$: of({ protocol: 'TLSv1.3', cipher: 'A', serverName: 'b\nc' } as const),
    fromPeer$: of(Buffer.from('secret'), CLOSE_NOTIFY),
    fromProg$: of(new Uint8Array(70_000)),
    progStdinGone$: of(undefined),
    progExit$: of({ code: 3 }),
    signal$: of('SIGTERM' as const),
    takenByPeer$: throwError(() => new Fault('reset', 'EPIPE')),
    takenByProg$: of(5),
    hungUp$: EMPTY,
  } satisfies Sources);
  const lines = linesOnFd2(() => {
    for (const stream$ of Object.values<Observable<unknown>>(watched)) stream$.subscribe({ error: () => undefined });
  });
  assert.equal(
    lines.map((line) => line.replace('s6-tlsd: info: ', '')),
    [
      'secured: {"protocol":"TLSv1.3","cipher":"A","serverName":"b\\nc"}',
      'secured: end',
      'fromPeer: 6 bytes',
      'fromPeer: close_notify',
      'fromPeer: end',
      'fromProg: 70000 bytes',
      'fromProg: end',
      'progStdinGone: now',
      'progStdinGone: end',
      'progExit: {"code":3}',
      'progExit: end',
      'signal: SIGTERM',
      'signal: end',
      'takenByPeer: Fault: reset: EPIPE',
      'takenByProg: 5',
      'takenByProg: end',
      'hungUp: end',
    ],
  );
});

test('an event is one line however many listen, and nobody listens before somebody asks', () => {
  const live$ = new Subject<Uint8Array>();
  const heard: unknown[] = [];
  const lines = linesOnFd2(() => {
    const { fromPeer$ } = reportAt(3, S6_TLSD).watch({ ...silent(), fromPeer$: live$ });
    assert.not.ok(live$.observed);
    for (let listeners = 0; listeners < 3; listeners += 1) fromPeer$.subscribe((value) => heard.push(value));
    live$.next(Buffer.from('secret'));
    live$.complete();
    // Who comes late is told the end, and no line is added.
    fromPeer$.subscribe({ complete: () => heard.push('end') });
  });
  assert.equal(lines, ['s6-tlsd: info: fromPeer: 6 bytes', 's6-tlsd: info: fromPeer: end']);
  assert.is(heard.length, 4);
  assert.is(heard[3], 'end');
});

test('a watched stream passes on what it is given: values, errors, and that nobody listens any more', () => {
  const live$ = new Subject<number>();
  const fault = new Fault('reset', 'EPIPE');
  const heard: unknown[] = [];
  linesOnFd2(() => {
    const { takenByPeer$, takenByProg$ } = reportAt(3, S6_TLSD).watch({
      ...silent(),
      takenByPeer$: live$,
      takenByProg$: live$,
    });
    takenByProg$.subscribe().unsubscribe();
    assert.not.ok(live$.observed);
    takenByPeer$.subscribe({ next: (value) => heard.push(value), error: (error: unknown) => heard.push(error) });
    live$.next(7);
    live$.error(fault);
  });
  assert.equal(heard, [7, fault]);
});

/** What a program with such an fd 2 still does after it had something to say. */
const afterSaying = (stderr: number | 'ignore', script = ''): string => {
  const report = new URL('../../src/report.ts', import.meta.url).href;
  const say = `
    const { reportAt } = await import(${JSON.stringify(report)});
    ${script}
    for (let line = 0; line < 2000; line += 1) reportAt(2, { program: 's6-tlsd' }).info('x'.repeat(100));
    process.stdout.write('alive');`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', say];
  return spawnSync(process.execPath, args, { stdio: ['ignore', 'pipe', stderr], encoding: 'utf8', timeout: 30_000 })
    .stdout;
};

test('an fd 2 that is closed harms nothing', () => {
  assert.is(afterSaying('ignore', `(await import('node:fs')).closeSync(2);`), 'alive');
});

test('an fd 2 that nobody reads any more harms nothing', () => {
  const [readingEnd, writingEnd] = pipe();
  closeSync(readingEnd);
  assert.is(afterSaying(writingEnd), 'alive');
  closeSync(writingEnd);
});

test('an fd 2 that is full and does not block harms nothing', () => {
  const [readingEnd, writingEnd] = pipe();
  // A second opening of the same end, because O_NONBLOCK belongs to the opening.
  const nonBlocking = openSync(`/proc/self/fd/${writingEnd}`, constants.O_WRONLY | constants.O_NONBLOCK);
  assert.throws(() => {
    for (;;) writeSync(nonBlocking, Buffer.alloc(4_096));
  }, /EAGAIN/);
  assert.is(afterSaying(nonBlocking), 'alive');
  assert.ok(readSync(readingEnd, Buffer.alloc(4_096)) > 0);
  for (const fd of [readingEnd, writingEnd, nonBlocking]) closeSync(fd);
});

const pipe = (): readonly [number, number] => {
  const pipes = loadPipe2();
  if (!('makePipe' in pipes)) throw new Error(`this test needs pipe2(2): ${pipes.reason}`);
  return pipes.makePipe();
};

test.run();
