import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decisionsIn } from '../../../src/diagram/picture.ts';
import { differences } from '../../../src/diagram/compare.ts';
import { playScenario, type Actual } from '../../../src/diagram/play.ts';
import { readScenario } from '../../../src/diagram/scenario.ts';
import type { Recording } from '../../../src/inspect/recording.ts';
import { specOf } from '../../../src/inspect/spec/spec.ts';
import { recorded } from './support/recorded.ts';

const folder = new URL('../../../diagrams/', import.meta.url);

for (const name of readdirSync(folder)) {
  const scenario = readScenario(readFileSync(new URL(name, folder), 'utf8'));
  for (const protocol of scenario.protocols) {
    test(`${name} under ${protocol}: recorded, made a diagram of and played, the same happens`, () => {
      const recording = recorded(scenario, protocol);
      const { text, differs } = specOf(recording);
      assert.equal(differs, [], text);
      const again = readScenario(text);
      const actual = playScenario(again, protocol);
      const difference = differences(again, actual);
      if (difference !== undefined) assert.unreachable(difference);
      const first = playScenario(scenario, protocol);
      for (const { label } of scenario.expected) {
        if (label.startsWith('reading')) continue;
        const same = label.startsWith('to ') ? shape : symbols;
        assert.is(same(actual.rows[label]), same(first.rows[label]), `${label}\n${text}`);
      }
      assert.equal(lawsOf(actual), lawsOf(first), text);
    });
  }
}

/** The laws that decided, whichever of one moment was first. */
const lawsOf = (actual: Actual): readonly string[] => [...new Set(decisionsIn(actual).map(({ law }) => law))].sort();

/** A conversation of that many exchanges, one each so many milliseconds; then prog ends, and the peer. */
function conversation(exchanges: number, every: number, idleTimeout: number): Recording {
  const marks = (symbol: string, after: number) =>
    Array.from({ length: exchanges }, (_, i) => ({ frame: 1 + i * every + after, symbol }));
  const end = exchanges * every + 10;
  return recorded(
    {
      ...readScenario(readFileSync(new URL('prog-eof-becomes-close-notify.yaml', folder), 'utf8')),
      idleTimeout,
      bytes: { x: 5, a: 7 },
      given: [
        { label: 'from peer', marks: [...marks('x', 0), { frame: end + 5, symbol: '|' }] },
        { label: 'from prog', marks: [...marks('a', 2), { frame: end, symbol: '|' }] },
        { label: 'prog exit', marks: [{ frame: end + 7, symbol: '0' }] },
      ],
    },
    'TLSv1.3',
  );
}

const sum = (sizes: Readonly<Record<string, number>>, marks: readonly { readonly symbol: string }[]): number =>
  marks.reduce((total, { symbol }) => total + (sizes[symbol] ?? 0), 0);

test('a conversation with more chunks than letters becomes a diagram of runs that add up', () => {
  for (const [exchanges, every, idleTimeout, comment] of [
    [40, 1, 0, /too many for one each/],
    [400, 500, 0, /too many for one each/],
    [400, 50, 2000, /sizes are averages/],
  ] as const) {
    const { text, differs } = specOf(conversation(exchanges, every, idleTimeout));
    assert.equal(differs, [], text);
    assert.match(text, comment);
    const scenario = readScenario(text);
    const said = (label: string) =>
      sum(
        scenario.bytes,
        scenario.given.find((row) => row.label === label)?.marks.filter(({ symbol }) => symbol !== '|') ?? [],
      );
    assert.is(said('from peer'), exchanges * 5);
    assert.is(said('from prog'), exchanges * 7);
    assert.match(scenario.verdict, new RegExp(`in ${String(exchanges * 5)} out ${String(exchanges * 7)};`));
  }
});

test('what is too long for a diagram is refused', () => {
  assert.throws(
    () => specOf(conversation(2000, 600, 2000)),
    /^.*too long for a diagram: \d+ runs of data, and 1000 at most$/,
  );
});

test('what came before a timer that went off late comes before it in the diagram', () => {
  const base = conversation(1, 1, 100);
  const at = (time: number, what: object) => ({ connection: 7, time, ...what });
  // Due at 103 ms, it went off nearly two later: prog had ended first.
  const events = [
    at(0, { stream: 'secured', kind: 'handshake', protocol: 'TLSv1.3', cipher: 'X' }),
    at(3000, { stream: 'fromPeer', direction: 'in', kind: 'data', bytes: 5 }),
    at(3000, { stream: 'toProg', direction: 'in', kind: 'data', bytes: 5 }),
    at(3001, { stream: 'takenByProg', direction: 'in', kind: 'taken', bytes: 5 }),
    at(104_700, { stream: 'fromProg', direction: 'out', kind: 'eof' }),
    at(104_700, { stream: 'toPeer', direction: 'out', kind: 'close_notify' }),
    at(104_700, { stream: 'toPeer', direction: 'out', kind: 'fin' }),
    at(104_900, { stream: 'law', kind: 'timer', law: 'idleTimeout' }),
    at(104_900, { stream: 'toProg', direction: 'in', kind: 'eof' }),
    at(104_900, { stream: 'hangUp', kind: 'hang_up' }),
    at(104_950, { stream: 'takenByPeer', direction: 'out', kind: 'ending_taken' }),
    at(104_960, { stream: 'hungUp', kind: 'gone' }),
    at(105_200, { stream: 'progExit', kind: 'exit', code: 0 }),
  ] as unknown as Recording['events'];
  const verdict = 'closed: prog first by eof, peer still open; sent close_notify; in 5 out 0; 105 ms; prog exited 0';
  const closing = { ...base.closing, time: 106_000, verdict, exitStatus: 0 } as Recording['closing'];
  const { text, differs } = specOf({ ...base, events, closing });
  assert.equal(differs, [], text);
});

test('a diagram has no more rows than it needs', () => {
  const rowsOf = (name: string) =>
    readScenario(
      specOf(recorded(readScenario(readFileSync(new URL(`${name}.yaml`, folder), 'utf8')), 'TLSv1.3')).text,
    ).given.map(({ label }) => label);
  assert.equal(rowsOf('prog-eof-becomes-close-notify'), ['from peer', 'from prog', 'prog exit']);
  const needed = rowsOf('reset-before-our-ending-is-taken');
  assert.ok(needed.includes('taken by peer') && !needed.includes('taken by prog'), needed.join());
  assert.ok(rowsOf('stalled-prog-stops-the-peer').includes('taken by prog'));
});

/** A row, whatever letters its chunks have: only which is which. */
function shape(marks: readonly { readonly symbol: string }[]): string {
  const letters = new Map<string, number>();
  return marks
    .map(({ symbol }) => {
      if (!/[a-z]/.test(symbol)) return symbol;
      if (!letters.has(symbol)) letters.set(symbol, letters.size);
      return `<${String(letters.get(symbol))}>`;
    })
    .join('');
}

const symbols = (marks: readonly { readonly symbol: string }[]): string => marks.map(({ symbol }) => symbol).join('');

test.run();
