import { EMPTY, NEVER, of, Subject, throwError, type Observable } from 'rxjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LAWS, type Law } from '../../../graph/laws.ts';
import { tellVerdict, type Verdict } from '../../../graph/verdict.ts';
import { CLOSE_NOTIFY, Fault, type Bytes, type CloseNotify } from '../../../graph/vocabulary.ts';
import type { Sinks, Sources } from '../../../graph/world.ts';
import { FACTS, MemoryTrace, schemaErrors } from './support.ts';

const SILENT: Sources & Sinks = {
  secured$: NEVER,
  fromPeer$: NEVER,
  fromProg$: NEVER,
  takenByPeer$: NEVER,
  takenByProg$: NEVER,
  progStdinGone$: NEVER,
  progExit$: NEVER,
  signal$: NEVER,
  hungUp$: NEVER,
  startProg$: NEVER,
  toPeer$: NEVER,
  toProg$: NEVER,
  demandPeer$: NEVER,
  demandProg$: NEVER,
  progSignal$: NEVER,
  hangUp$: NEVER,
  verdict$: NEVER,
};

/** What a trace says of streams that do this. */
const told = (streams: Partial<Sources & Sinks>, content = false): object[] => {
  const memory = new MemoryTrace({ content });
  const shown = memory.trace.streams({ ...SILENT, ...streams });
  for (const stream$ of Object.values<Observable<unknown>>(shown)) stream$.subscribe({ error: () => undefined });
  for (const line of memory.lines) assert.equal(schemaErrors(line), []);
  return memory.told;
};

const abc = Buffer.from('xabcx').subarray(1, 4);
const broken$ = (kind: 'reset' | 'alert' | 'handshake') => throwError(() => new Fault(kind, 'why'));
const peer = { stream: 'fromPeer', direction: 'in' };
const toPeer = { stream: 'toPeer', direction: 'out' };

const SAYINGS: readonly (readonly [Partial<Sources & Sinks>, readonly object[]])[] = [
  [
    { secured$: of({ protocol: 'TLSv1.3', cipher: 'A', serverName: 'b\nc"' } as const) },
    [{ stream: 'secured', kind: 'handshake', protocol: 'TLSv1.3', cipher: 'A', serverName: 'b\nc"' }],
  ],
  [{ secured$: broken$('handshake') }, [{ stream: 'secured', kind: 'fault', fault: 'handshake', detail: 'why' }]],
  [
    { fromPeer$: of<(Bytes | CloseNotify)[]>(abc, CLOSE_NOTIFY, abc) },
    [
      { ...peer, kind: 'data', bytes: 3 },
      { ...peer, kind: 'close_notify' },
      { ...peer, kind: 'data', bytes: 3 },
      { ...peer, kind: 'fin' },
    ],
  ],
  [{ fromPeer$: broken$('alert') }, [{ ...peer, kind: 'fault', fault: 'alert', detail: 'why' }]],
  [{ fromPeer$: broken$('reset') }, [{ ...peer, kind: 'reset', detail: 'why' }]],
  [
    { fromProg$: of(abc, Buffer.alloc(70_000), abc) },
    [
      { stream: 'fromProg', direction: 'out', kind: 'data', bytes: 3 },
      { stream: 'fromProg', direction: 'out', kind: 'data', bytes: 70_000 },
      { stream: 'fromProg', direction: 'out', kind: 'data', bytes: 3 },
      { stream: 'fromProg', direction: 'out', kind: 'eof' },
    ],
  ],
  [
    { takenByPeer$: of(3, 70_000) },
    [
      { stream: 'takenByPeer', direction: 'out', kind: 'taken', bytes: 3 },
      { stream: 'takenByPeer', direction: 'out', kind: 'taken', bytes: 70_000 },
      { stream: 'takenByPeer', direction: 'out', kind: 'ending_taken' },
    ],
  ],
  [{ takenByPeer$: broken$('reset') }, [{ stream: 'takenByPeer', direction: 'out', kind: 'reset', detail: 'why' }]],
  [{ takenByProg$: of(5) }, [{ stream: 'takenByProg', direction: 'in', kind: 'taken', bytes: 5 }]],
  [{ progStdinGone$: of(undefined) }, [{ stream: 'progStdinGone', direction: 'in', kind: 'gone' }]],
  [{ progStdinGone$: EMPTY }, []],
  [{ progExit$: of({ code: 3 }) }, [{ stream: 'progExit', kind: 'exit', code: 3 }]],
  [{ progExit$: of({ signal: 9 }) }, [{ stream: 'progExit', kind: 'exit', signal: 9 }]],
  [{ signal$: of('SIGTERM') }, [{ stream: 'signal', kind: 'signal', signal: 'SIGTERM' }]],
  [{ hungUp$: of(undefined) }, [{ stream: 'hungUp', kind: 'gone' }]],
  [{ startProg$: of({ protocol: 'TLSv1.2', cipher: 'B' }) }, [{ stream: 'startProg', kind: 'start' }]],
  [
    { toPeer$: of<(Bytes | CloseNotify)[]>(abc, CLOSE_NOTIFY) },
    [
      { ...toPeer, kind: 'data', bytes: 3 },
      { ...toPeer, kind: 'close_notify' },
      { ...toPeer, kind: 'fin' },
    ],
  ],
  [{ toPeer$: broken$('alert') }, [{ ...toPeer, kind: 'fault', fault: 'alert', detail: 'why' }]],
  [
    { toProg$: of(abc) },
    [
      { stream: 'toProg', direction: 'in', kind: 'data', bytes: 3 },
      { stream: 'toProg', direction: 'in', kind: 'eof' },
    ],
  ],
  [
    { demandPeer$: of(true, false) },
    [
      { stream: 'demandPeer', direction: 'in', kind: 'demand_up' },
      { stream: 'demandPeer', direction: 'in', kind: 'demand_down' },
    ],
  ],
  [{ demandProg$: of(true) }, [{ stream: 'demandProg', direction: 'out', kind: 'demand_up' }]],
  [{ progSignal$: of('SIGHUP') }, [{ stream: 'progSignal', kind: 'signal', signal: 'SIGHUP' }]],
  [{ hangUp$: of(undefined) }, [{ stream: 'hangUp', kind: 'hang_up' }]],
];

for (const [streams, expected] of SAYINGS) {
  const kinds = expected.map((each) => (each as { kind: string }).kind).join(', ');
  test(`${Object.keys(streams).join()}: ${kinds === '' ? 'an end that says nothing' : kinds}`, () => {
    assert.equal(told(streams), expected);
  });
}

test('all streams but the verdict are told of above', () => {
  const streams = new Set(SAYINGS.flatMap(([each]) => Object.keys(each)));
  assert.equal([...streams, 'verdict$'].sort(), Object.keys(SILENT).sort());
});

test('content is in a trace only when it was asked for, and then it is exactly what was carried', () => {
  const streams = { fromPeer$: of<Bytes>(abc), fromProg$: of(abc), toPeer$: of<Bytes>(abc), toProg$: of(abc) };
  const contents = (content: boolean): unknown[] =>
    told(streams, content).flatMap((each) => ('content' in each ? each.content : []));
  assert.equal(contents(false), []);
  assert.equal(contents(true), Array(4).fill('YWJj'));
});

test('the first line says what ran; every line has the connection, and its own time', () => {
  const { lines, trace } = new MemoryTrace();
  trace.witness('endBy');
  const memory = new MemoryTrace({ prog: './a b' });
  memory.trace.witness('endBy');
  memory.trace.witness('untilDeaf');
  assert.equal(lines[0], {
    trace: 1,
    connection: 42,
    accepted: '1970-01-01T00:00:00.000Z',
    runtime: `node ${process.versions.node}, openssl ${process.versions.openssl}`,
    ...FACTS,
  });
  assert.equal(memory.lines.slice(1), [
    { connection: 42, time: 1, stream: 'law', kind: 'law', law: 'endBy' },
    { connection: 42, time: 2, stream: 'law', kind: 'law', law: 'untilDeaf' },
  ]);
  for (const text of memory.texts) assert.match(text, /^\{[^\n]*\}\n$/);
});

test('a law that waits is a timer, every other a law', () => {
  const waits = (law: Law): boolean =>
    law === 'handshakeTimeout' || ['linger', 'idleTimeout'].includes(LAWS[law].operator);
  for (const law of Object.keys(LAWS) as Law[]) {
    const memory = new MemoryTrace();
    memory.trace.witness(law);
    assert.equal(memory.told, [{ stream: 'law', kind: waits(law) ? 'timer' : 'law', law }]);
  }
});

test('an event is told once however many listen, before any of them hears it', () => {
  const memory = new MemoryTrace();
  const live$ = new Subject<number>();
  const { takenByProg$ } = memory.trace.streams({ ...SILENT, takenByProg$: live$ });
  const before: number[] = [];
  for (let listeners = 0; listeners < 2; listeners += 1) takenByProg$.subscribe(() => before.push(memory.told.length));
  live$.next(1);
  assert.equal(before, [1, 1]);
});

const VERDICT: Verdict = {
  first: 'prog',
  peerEnded: 'close_notify',
  progEnded: true,
  weEnded: 'close_notify',
  bytesIn: 1,
  bytesOut: 2,
  milliseconds: 3,
  prog: { code: 4 },
  cause: undefined,
  secured: true,
};

test('the last line is the verdict, and everything is written then', () => {
  const fault = new Fault('cutRecord', 'cut');
  for (const [verdict, expected] of [
    [VERDICT, { exitStatus: 4, peerEnded: 'close_notify', prog: { code: 4 }, cause: null }],
    [
      { ...VERDICT, peerEnded: undefined, prog: undefined, cause: { signal: 'SIGINT' as const } },
      { exitStatus: 130, peerEnded: null, prog: null, cause: { signal: 'SIGINT' } },
    ],
    [
      { ...VERDICT, peerEnded: fault, prog: { signal: 9 }, cause: { fault } },
      { exitStatus: 98, peerEnded: 'cutRecord', prog: { signal: 9 }, cause: { fault: 'cutRecord', detail: 'cut' } },
    ],
  ] as const) {
    const memory = new MemoryTrace();
    memory.trace.end(verdict);
    const same = { first: 'prog', progEnded: true, weEnded: 'close_notify', bytesIn: 1, bytesOut: 2, milliseconds: 3 };
    assert.equal(memory.lines.slice(1), [
      { connection: 42, time: 1, verdict: tellVerdict(verdict), secured: true, ...same, ...expected },
    ]);
    assert.is(memory.flushed, 1);
    for (const line of memory.lines) assert.equal(schemaErrors(line), []);
  }
});

test('when nobody takes lines any more, none are made, and the streams go on', () => {
  const memory = new MemoryTrace({ content: true });
  const heard: unknown[] = [];
  const live$ = new Subject<Bytes>();
  memory.trace.streams({ ...SILENT, fromProg$: live$ }).fromProg$.subscribe((bytes) => heard.push(bytes));
  memory.wanted = false;
  const poisoned = new Proxy(abc, { get: () => assert.unreachable('looked at') });
  live$.next(poisoned);
  assert.is(heard[0], poisoned);
  assert.is(memory.texts.length, 1);
});

test.run();
