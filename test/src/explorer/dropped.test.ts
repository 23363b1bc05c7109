import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { oneLine } from '../../../src/one-line.ts';
import { playScenario } from '../../../src/diagram/play.ts';
import { readScenario } from '../../../src/diagram/scenario.ts';
import { readDropped, type Connection, type Dropped, type Opened } from '../../../src/explorer/model/dropped.ts';
import { diagramFile } from '../../../src/explorer/model/diagram-file.ts';
import { fragmentOf, stateFrom } from '../../../src/explorer/model/permalink.ts';
import { resultOf } from '../../../src/explorer/model/result.ts';
import { stateOf } from '../../../src/explorer/model/state.ts';
import { Trouble } from '../../../src/inspect/trouble.ts';
import { traceOf } from '../inspect/support/recorded.ts';
import { diagram, DIAGRAMS } from './support/diagrams.ts';
import { hostileDiagrams } from './support/hostile-diagrams.ts';
import { hostileTraces, NASTY, type Hostile } from './support/hostile-traces.ts';

const name = 'prog-eof-becomes-close-notify';
const file = readFileSync(new URL(`../../../diagrams/${name}.yaml`, import.meta.url), 'utf8');
const trace = traceOf(diagram(name), 'TLSv1.3');

const diagramIn = (text: string): Opened => {
  const dropped = readDropped('FILE', text);
  if (dropped.kind === 'trace') throw new Error('a trace');
  return dropped.opened;
};
const connectionsIn = (text: string): readonly Connection[] => {
  const dropped = readDropped('FILE', text);
  if (dropped.kind === 'diagram') throw new Error('a diagram');
  return dropped.connections;
};
const first = (dropped: Dropped): Opened => {
  if (dropped.kind === 'diagram') return dropped.opened;
  const [connection] = dropped.connections;
  if (connection === undefined) throw new Error('no connection');
  return connection.open();
};
const refused = (text: string, reason: RegExp): void => {
  assert.throws(
    () => first(readDropped('FILE', text)),
    (error: unknown) => error instanceof Trouble && reason.test(error.message),
  );
};

test('a diagram is the scenario that it says', () => {
  const { scenario, notes } = diagramIn(file);
  assert.equal(scenario, readScenario(file));
  assert.equal(notes, []);
});

test('a diagram that does something else than it expects is shown, with a note', () => {
  const { scenario, notes } = diagramIn(file.replace('--a-(N|)', '--a-|'));
  assert.is(scenario.policy, 'S');
  assert.equal(notes, ['FILE: does something else than it expects; shown is what it does']);
});

test('a diagram that is none is refused with its line', () => {
  refused(file.replace('policy: S', 'policy: x'), /^FILE:\d+: x is none of s, S, N$/);
  refused(file.replace('-x----y', '-x----Y'), /^FILE:\d+: Y does not belong into this row/);
});

test('a trace is its connections, each told in a line', () => {
  const other = traceOf(diagram('truncation-is-an-error-under-big-j'), 'TLSv1.3', 8);
  const connections = connectionsIn(trace + other);
  assert.equal(
    connections.map(({ line }) => line),
    [
      `connection 7, prog: ${diagram(name).verdict}`,
      `connection 8, prog: ${diagram('truncation-is-an-error-under-big-j').verdict}`,
    ],
  );
  assert.equal(
    connections.map(({ open }) => open().scenario.requireCloseNotify),
    [false, true],
  );
});

for (const [each, scenario] of DIAGRAMS) {
  const [protocol = 'TLSv1.3'] = scenario.protocols;
  test(`${each}: what was recorded of it, and dropped, ends in the same way`, () => {
    const { scenario: opened, notes } = first(readDropped('FILE', traceOf(scenario, protocol)));
    assert.equal(notes, []);
    const { verdict } = resultOf(opened, opened.policy, protocol, false);
    const timeless = (line = ''): string => line.replace(/; \d+ ms; /, '; ');
    assert.is(timeless(verdict?.line), timeless(scenario.verdict));
    assert.is(verdict?.exit, scenario.exit);
  });
}

test('a trace that stops before its verdict cannot be opened, but the others of its file can', () => {
  const torn = traceOf(diagram(name), 'TLSv1.3', 8).split('\n').slice(0, 4).join('\n');
  const [whole, stopped] = connectionsIn(`${trace}${torn}`);
  assert.is(whole?.open().scenario.policy, 'S');
  assert.is(stopped?.line, 'connection 8, prog: the trace stops before its verdict');
  assert.throws(() => stopped?.open(), /^the trace stops before its verdict, so that nothing can be expected$/);
  const cut = connectionsIn(`${trace}${torn}`.slice(0, -7));
  assert.is(cut.length, 2);
});

test('a trace of something that the rules would not do is opened, with a note', () => {
  const [connection] = connectionsIn(trace.replace(/^.*"toPeer".*"close_notify".*\n/m, ''));
  assert.equal(connection?.open().notes, ['FILE: the rules do not reproduce the recording: to peer is different']);
});

test('a trace of a connection that would not end is opened, with a note', () => {
  const [connection] = connectionsIn(trace.replace(/^.*"progExit".*\n/m, ''));
  assert.equal(connection?.open().notes, ['FILE: the rules do not reproduce the recording: verdict is different']);
});

test('a trace that is none is refused with its line', () => {
  refused(`${trace}{"connection":9}\n`, /^FILE:\d+: unknown stream: none$/);
  refused('{"trace":2}\n', /^FILE:1: a trace of version 2; only 1 is known here$/);
  refused('{"tr', /^FILE: no connection$/);
});

test('the name of a file is told in short, and without what a screen would obey', () => {
  assert.throws(
    () => readDropped(NASTY.repeat(1000), ''),
    (error: unknown) =>
      error instanceof Trouble && isShortLine(error.message) && error.message.startsWith('<img src=x'),
  );
  const { notes } = first(readDropped(NASTY.repeat(1000), file.replace('--a-(N|)', '--a-|')));
  assert.is(notes.length, 1);
  for (const note of notes) assert.ok(isShortLine(note), note);
});

/** Reads and opens a file as the page does, and looks at all that would be shown. */
function check({ title, text, refused: reason }: Hostile): void {
  test(`a file with ${title} ${reason === undefined ? 'is opened' : 'is refused'} in one short line, and soon`, () => {
    const begun = performance.now();
    let opened: Opened | undefined;
    let says = '';
    try {
      const dropped = readDropped('FILE', text);
      if (dropped.kind === 'trace') for (const { line } of dropped.connections) assert.ok(isShortLine(line), line);
      opened = first(dropped);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      says = error.message;
    }
    const took = performance.now() - begun;
    assert.ok(took < MOST_MILLISECONDS, `${Math.round(took)} ms`);
    if (reason !== undefined) {
      assert.match(says, reason);
      assert.ok(isShortLine(says), says);
    } else {
      assert.is(says, '');
      if (opened === undefined) throw new Error('not opened');
      checkOpened(opened);
    }
  });
}

/** What was opened can be shown, played, told in a permalink, and dropped again as a file. */
function checkOpened({ scenario, notes }: Opened): void {
  const { title, clause, fault, writeFault } = scenario;
  for (const text of [...notes, title, clause, fault, writeFault]) assert.ok(isShortLine(text), text);
  const state = stateOf(scenario, undefined);
  const again = stateFrom(fragmentOf(state, DIAGRAMS), DIAGRAMS);
  assert.equal(playScenario(again.scenario, again.protocol).rows, playScenario(scenario, state.protocol).rows);
  assert.is(fragmentOf(again, DIAGRAMS), fragmentOf(state, DIAGRAMS));
  try {
    diagramIn(diagramFile(scenario, scenario.policy, state.protocol, true));
  } catch (error) {
    assert.match(String(error), /^Error: (The connection does not end|Too much happens)/);
  }
}

const isShortLine = (text: string): boolean => text === oneLine(text) && Array.from(text).length <= 350;

/** They take two seconds at most when the machine does nothing else; what they are about is minutes, or for ever. */
const MOST_MILLISECONDS = 10_000;

for (const hostile of [...hostileTraces(), ...hostileDiagrams()]) check(hostile);

test.run();
