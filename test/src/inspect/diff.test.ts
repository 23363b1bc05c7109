import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readScenario } from '../../../src/diagram/scenario.ts';
import { diff } from '../../../src/inspect/diff/diff.ts';
import type { Input } from '../../../src/inspect/input-from.ts';
import { specOf } from '../../../src/inspect/spec/spec.ts';
import { recorded } from './support/recorded.ts';

const folder = new URL('../../../diagrams/', import.meta.url);
const names = readdirSync(folder);
const scenarioIn = (name: string) => readScenario(readFileSync(new URL(name, folder), 'utf8'));
const diagram = (name: string): Input => ({ kind: 'diagram', file: name, scenario: scenarioIn(name), notes: [] });
const written = (text: string): Input => ({ kind: 'diagram', file: 'spec', scenario: readScenario(text), notes: [] });
const trace = (name: string, protocol = scenarioIn(name).protocols[0] ?? 'TLSv1.3'): Input => ({
  kind: 'traces',
  file: `${name}.trace`,
  recordings: [recorded(scenarioIn(name), protocol)],
  notes: [],
});
const compared = (a: Input, b: Input, flags: Readonly<Record<string, string | true>> = {}) =>
  diff([a, b], new Map(Object.entries(flags)), { width: 300, colour: false });
const late = (input: Input, milliseconds: number): Input => {
  if (input.kind !== 'traces') throw new Error('no trace');
  const shift = <T extends { readonly time: number }>(line: T): T => ({
    ...line,
    time: line.time + milliseconds * 1000,
  });
  return {
    ...input,
    recordings: input.recordings.map((recording) => ({
      ...recording,
      events: recording.events.map((event, i) => (i < 8 ? event : shift(event))),
      closing: recording.closing && shift(recording.closing),
    })),
  };
};

const EOF_S = 'prog-eof-becomes-close-notify.yaml';

test('every diagram is the same as itself, as its recording, and as the diagram made of that', () => {
  for (const name of names) {
    const protocol = scenarioIn(name).protocols[0] ?? 'TLSv1.3';
    const spec = specOf(recorded(scenarioIn(name), protocol)).text;
    for (const [a, b] of [
      [diagram(name), diagram(name)],
      [trace(name), trace(name)],
      [diagram(name), trace(name)],
      [trace(name), written(spec)],
    ] as const) {
      const { text, exitStatus } = compared(a, b);
      assert.is(exitStatus, 0, `${name}\n${text}`);
    }
  }
});

test('no two neighbours among the diagrams that do something else are the same', () => {
  const same = names.flatMap((a, i) =>
    names
      .slice(i + 1, i + 9)
      .flatMap((b) => (compared(diagram(a), diagram(b)).exitStatus === 0 ? [`${a} and ${b}`] : [])),
  );
  for (const pair of same) {
    const [a = '', b = ''] = pair.split(' and ').map((name) => JSON.stringify(shapeOf(name)));
    assert.is(a, b, pair);
  }
});

test('the first difference is named, with row, event and times, and marked in its column', () => {
  const { text, exitStatus } = compared(diagram(EOF_S), diagram('prog-eof-becomes-fin.yaml'));
  assert.is(exitStatus, 1);
  const lines = text.split('\n');
  assert.ok(lines.includes('first difference: to peer, event 2: A close_notify at 4 ms; B FIN at 4 ms'), text);
  const a = lines.find((line) => line.startsWith('A to peer')) ?? '';
  const mark = lines.find((line) => line.startsWith('first difference ')) ?? '';
  assert.is(mark.indexOf('^'), a.indexOf('(N|)'), text);
});

test('laws tell why, and are not the first difference when something happened', () => {
  const { text } = compared(trace(EOF_S), trace('prog-eof-becomes-fin.yaml'));
  assert.match(text, /^A endBy /m);
  assert.match(text, /^first difference: to peer, event 2: /m);
});

test('what is the same stands in one column', () => {
  const { text } = compared(diagram(EOF_S), diagram('prog-eof-becomes-fin.yaml'));
  const row = (label: string): string =>
    text
      .split('\n')
      .find((line) => line.startsWith(label))
      ?.slice(label.length) ?? '';
  assert.is(row('A from peer').trim(), row('B from peer').trim());
  assert.is(row('A from prog').trim(), row('B from prog').trim());
});

test('a row that goes on where the other has ended differs there', () => {
  const { text } = compared(diagram(EOF_S), diagram('prog-eof-becomes-close-notify-and-prog-reads-on.yaml'));
  assert.match(text, /first difference: to prog, event 2: A EOF at 4 ms; B data y at 6 ms/);
});

test('time is no difference, unless it is asked for', () => {
  const slow = late(trace(EOF_S), 40);
  assert.is(compared(trace(EOF_S), slow).exitStatus, 0);
  assert.is(compared(trace(EOF_S), slow, { time: '40' }).exitStatus, 0);
  const { text, exitStatus } = compared(trace(EOF_S), slow, { time: '39' });
  assert.is(exitStatus, 1);
  assert.match(text, /^first difference: /m);
});

test('a tolerance that is no number is refused', () => {
  assert.throws(
    () => compared(trace(EOF_S), trace(EOF_S), { time: 'soon' }),
    /--time: not a number of milliseconds: soon/,
  );
});

test('bytes count between traces, and not with a diagram', () => {
  const more = trace(EOF_S);
  if (more.kind !== 'traces') throw new Error('no trace');
  const fatter: Input = {
    ...more,
    recordings: more.recordings.map((recording) => ({
      ...recording,
      closing: recording.closing && {
        ...recording.closing,
        verdict: recording.closing.verdict.replace('in 1 out 1', 'in 2 out 1'),
      },
    })),
  };
  const { text, exitStatus } = compared(trace(EOF_S), fatter);
  assert.is(exitStatus, 1);
  assert.match(text, /^A closed: .*in 1 out 1.*\nB closed: .*in 2 out 1/m);
  assert.is(compared(diagram(EOF_S), fatter).exitStatus, 0);
});

test('as data: whether they are the same, the first difference, and the rows', () => {
  const data = JSON.parse(compared(diagram(EOF_S), diagram('prog-eof-becomes-fin.yaml'), { json: true }).text) as {
    same: boolean;
    first: { row: string; event: number; a: { symbol: string }; b: { symbol: string } };
    rows: { label: string }[];
  };
  assert.is(data.same, false);
  assert.is(data.first.row, 'to peer');
  assert.is(data.first.event, 2);
  assert.is(data.first.a.symbol, 'N');
  assert.is(data.first.b.symbol, '|');
  assert.equal(
    data.rows.map(({ label }) => label),
    ['from peer', 'from prog', 'prog exit', 'to peer', 'to prog', 'hang up'],
  );
});

/** All that a comparison looks at. */
function shapeOf(name: string): unknown {
  const { given, expected, verdict, exit } = scenarioIn(name);
  const rows = [...given, ...expected]
    .filter(({ label }) => !/^(demand|reading|taken|hung|handshake|start)/.test(label))
    .map(({ label, marks }) => `${label} ${marks.map(({ symbol }) => symbol.replace(/^[a-z]$/, 'data')).join(' ')}`);
  return { rows: rows.sort(), verdict: verdict.replace(/in \d+ out \d+; \d+ ms/, ''), exit };
}

test.run();
