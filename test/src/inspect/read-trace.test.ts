import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readScenario } from '../../../src/diagram/scenario.ts';
import { readTraces } from '../../../src/inspect/read-trace.ts';
import { Trouble } from '../../../src/inspect/trouble.ts';
import { traceOf } from './support/recorded.ts';

const diagram = new URL('../../../diagrams/prog-eof-becomes-close-notify.yaml', import.meta.url);
const trace = traceOf(readScenario(readFileSync(diagram, 'utf8')), 'TLSv1.3');
const lines = trace.trimEnd().split('\n');
const refused = (text: string, reason: RegExp): void => {
  assert.throws(
    () => readTraces('FILE', text),
    (error: unknown) => error instanceof Trouble && reason.test(error.message),
    `${String(reason)} for ${text.slice(0, 200)}`,
  );
};
const renumbered = (connection: number): string =>
  traceOf(readScenario(readFileSync(diagram, 'utf8')), 'TLSv1.2', connection);

test('a trace is its header, its events and its verdict', () => {
  const { recordings, notes } = readTraces('FILE', trace);
  assert.equal(notes, []);
  assert.is(recordings.length, 1);
  assert.is(recordings[0]?.header.policy, 'S');
  assert.is(recordings[0]?.events.length, lines.length - 2);
  assert.is(recordings[0]?.closing?.exitStatus, 0);
});

test('traces of several connections, one behind the other or mixed, are told apart by their number', () => {
  const other = renumbered(8).trimEnd().split('\n');
  const mixed = lines.flatMap((line, i) => [line, other[i]]).concat(other.slice(lines.length));
  for (const text of [trace + renumbered(8), `${mixed.join('\n')}\n`]) {
    const { recordings } = readTraces('FILE', text);
    assert.equal(
      recordings.map(({ header }) => header.connection),
      [7, 8],
    );
    assert.equal(recordings[0], readTraces('FILE', trace).recordings[0]);
  }
});

test('a new header begins a new connection, also with a number that was there before', () => {
  const { recordings, notes } = readTraces('FILE', trace + trace);
  assert.is(recordings.length, 2);
  assert.equal(recordings[0], recordings[1]);
  assert.equal(notes, []);
  assert.is(readTraces('FILE', `${lines.slice(0, 3).join('\n')}\n${trace}`).recordings.length, 2);
});

test('a trace that stops before its verdict is read, with a note', () => {
  const { recordings, notes } = readTraces('FILE', `${lines.slice(0, 5).join('\n')}\n`);
  assert.is(recordings[0]?.events.length, 4);
  assert.is(recordings[0]?.closing, undefined);
  assert.equal(notes, ['FILE:1: the trace of connection 7 stops before its verdict']);
});

test('a last line that is torn is left out, with a note', () => {
  const { recordings, notes } = readTraces('FILE', `${lines.slice(0, 5).join('\n')}\n{"connection":7,"ti`);
  assert.is(recordings[0]?.events.length, 4);
  assert.is(notes[0], 'FILE:6: the last line is torn: left out');
});

test('every other line that is none is refused, with its number', () => {
  refused(`${lines[0] ?? ''}\n{"connection":7,"ti\n`, /^FILE:2: not JSON$/);
  refused('{"connection":7,"time":1,"stream":"hungUp","kind":"gone"}\n', /^FILE:1: connection 7 has not begun$/);
  refused(trace + (lines[1] ?? ''), new RegExp(`^FILE:${String(lines.length + 1)}: something after the verdict$`));
  const late = '{"connection":7,"time":999999999,"stream":"hungUp","kind":"gone"}';
  refused([lines[0], late, lines[1]].join('\n'), /^FILE:3: time runs backwards$/);
  refused((lines[0] ?? '').replace('"trace":1', '"trace":2'), /^FILE:1: a trace of version 2; only 1 is known here$/);
  refused('[]', /^FILE:1: not an object$/);
});

for (const [what, from, to, reason] of [
  ['an unknown stream', '"stream":"fromPeer"', '"stream":"fromPear"', /unknown stream: "fromPear"/],
  ['a stream of every object', '"stream":"fromPeer"', '"stream":"toString"', /unknown stream: "toString"/],
  ['an unknown kind', '"kind":"data"', '"kind":"date"', /unknown kind of fromPeer: "date"/],
  ['no time', '"time":1000,', '', /time is missing/],
  ['a time that is a text', '"time":1000', '"time":"1000"', /time is not a whole number from 0$/],
  ['a negative time', '"time":1000', '"time":-1', /time is not a whole number from 0$/],
  ['half a byte', '"bytes":1', '"bytes":0.5', /bytes is not a whole number/],
  ['the wrong direction', '"direction":"in"', '"direction":"out"', /direction is not "in"/],
  ['content that is none', '"bytes":1', '"bytes":1,"content":"?"', /content is not base64/],
] as const) {
  test(`an event with ${what} is refused`, () => {
    const event = lines.find((line) => line.includes('"stream":"fromPeer"') && line.includes('"kind":"data"')) ?? '';
    const changed = event.replace(from, to);
    assert.is.not(changed, event);
    refused(`${lines[0] ?? ''}\n${changed}\n`, reason);
  });
}

test('nothing that is not a trace is read as one, and nothing fails in another way', () => {
  const hostile = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.constantFrom(...lines));
  fc.assert(
    fc.property(fc.array(hostile), (texts) => {
      try {
        readTraces('FILE', texts.join('\n'));
      } catch (error) {
        assert.instance(error, Trouble);
      }
    }),
  );
});

test.run();
