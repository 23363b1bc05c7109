import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { playScenario } from '../../../src/diagram/play.ts';
import { readScenario } from '../../../src/diagram/scenario.ts';
import { lettersFor } from '../../../src/inspect/chunks.ts';
import type { Recording } from '../../../src/inspect/recording.ts';
import { stepsOf } from '../../../src/inspect/steps.ts';
import { rowOf } from '../../../src/inspect/trace-rows.ts';
import { tracePicture } from '../../../src/inspect/trace-picture.ts';
import type { TraceEvent } from '../../../src/trace/format.ts';
import { recorded } from './support/recorded.ts';

const folder = new URL('../../../diagrams/', import.meta.url);
const names = readdirSync(folder);
const scenarioIn = (name: string) => readScenario(readFileSync(new URL(name, folder), 'utf8'));
const sample = recorded(scenarioIn('prog-eof-becomes-close-notify.yaml'), 'TLSv1.3');

const event = (time: number, what: object): TraceEvent => ({ connection: 7, time, ...what }) as TraceEvent;
const fromPeer = (time: number, bytes = 1): TraceEvent =>
  event(time, { stream: 'fromPeer', direction: 'in', kind: 'data', bytes });
const toProg = (time: number, bytes = 1): TraceEvent =>
  event(time, { stream: 'toProg', direction: 'in', kind: 'data', bytes });
const fromProg = (time: number, bytes = 1): TraceEvent =>
  event(time, { stream: 'fromProg', direction: 'out', kind: 'data', bytes });
const eof = (time: number): TraceEvent => event(time, { stream: 'fromProg', direction: 'out', kind: 'eof' });
const wire = (time: number, direction: 'in' | 'out'): TraceEvent =>
  event(time, { stream: 'wire', direction, kind: 'record', type: 'application_data', length: 19, bytes: 24 });
const recordingOf = (events: readonly TraceEvent[]): Recording => ({ ...sample, events });
const all = (): boolean => true;

test('a recorded diagram has the rows of the diagram, in the same order of moments', () => {
  for (const name of names) {
    const scenario = scenarioIn(name);
    const [protocol = 'TLSv1.3'] = scenario.protocols;
    const actual = playScenario(scenario, protocol);
    const { rows } = tracePicture(recorded(scenario, protocol), all);
    for (const label of ['to peer', 'to prog', 'hang up', 'demand prog'] as const) {
      const drawn = rows.find((row) => row.label === label)?.marks ?? [];
      assert.equal(
        drawn.map(({ time, kind, symbol }) => `${String(time)} ${kind === 'data' ? 'data' : symbol}`),
        actual.rows[label].map(({ frame, symbol }) =>
          label.startsWith('to ') && /[a-z]/.test(symbol) ? `${String(frame)} data` : `${String(frame)} ${symbol}`,
        ),
        `${name}: ${label}`,
      );
    }
    const marks = rows.flatMap((row) => row.marks).sort((a, b) => a.step - b.step);
    marks.forEach((mark, i) => assert.ok(mark.time >= (marks[i - 1]?.time ?? 0), `${name}: time goes with steps`));
  }
});

test('a row that no event has made is drawn only when it tells something empty', () => {
  const { rows } = tracePicture(recordingOf([]), all);
  assert.equal(
    rows.map(({ label }) => label),
    ['from peer', 'from prog', 'prog exit', 'to peer', 'to prog', 'hang up'],
  );
});

test('only chosen rows take part, and steps have no gap', () => {
  const { rows } = tracePicture(sample, ({ label }) => label === 'from peer' || label === 'hang up');
  assert.equal(
    rows.map(({ label, marks }) => [label, ...marks.map(({ step, symbol }) => `${String(step)}${symbol}`)]),
    [
      ['from peer', '0x', '1y', '2|'],
      ['hang up', '2T'],
    ],
  );
});

test('a chunk keeps its letter when it is passed on; x y z are from the peer, a b c from prog', () => {
  const events = [fromPeer(1), toProg(1), fromProg(2), fromPeer(3), toProg(3), fromPeer(4), toProg(4), fromPeer(5)];
  const letters = lettersFor(recordingOf(events));
  assert.equal(
    events.map((each) => letters.runOf.get(each)?.letter),
    ['x', 'x', 'a', 'y', 'y', 'z', 'z', 'w'],
  );
  assert.not.ok(letters.merged);
});

test('up to 26 chunks each has a letter of its own, whoever sent them', () => {
  for (const ofPeer of [0, 1, 13, 25, 26]) {
    const events = Array.from({ length: 26 }, (_, i) => (i < ofPeer ? fromPeer(i) : fromProg(i)));
    const { runs, merged } = lettersFor(recordingOf(events));
    assert.is(new Set(runs.map(({ letter }) => letter)).size, 26);
    assert.not.ok(merged);
  }
});

test('with more chunks those that came close together share a letter, never across an end', () => {
  const burst = Array.from({ length: 40 }, (_, i) => fromPeer(i * 10, 2));
  const events = [...burst, eof(400), ...burst.map((_, i) => fromPeer(401 + i, 3))];
  const { runs, runOf, merged, repeated } = lettersFor(recordingOf(events));
  assert.ok(merged && !repeated);
  assert.equal(runs, [
    { letter: 'x', from: 'peer', chunks: 40, bytes: 80 },
    { letter: 'y', from: 'peer', chunks: 40, bytes: 120 },
  ]);
  assert.is(runOf.get(events[39] as TraceEvent)?.letter, 'x');
  assert.is(runOf.get(events[41] as TraceEvent)?.letter, 'y');
});

test('no letter stands for more time than is allowed, and then letters begin again', () => {
  const events = Array.from({ length: 40 }, (_, i) => fromPeer(i * 1_000_000));
  const letters = lettersFor(recordingOf(events), 500_000);
  assert.ok(letters.repeated);
  assert.is(letters.runs.length, 40);
  assert.ok(lettersFor(recordingOf(events), 2_000_000).runs.length <= 26);
});

test('merged chunks are one mark that says how many they are, in each row', () => {
  const events = Array.from({ length: 60 }, (_, i) => [fromPeer(i, 5), toProg(i, 5), wire(i, 'in')]).flat();
  const { rows } = tracePicture(recordingOf(events), all);
  const marksOf = (label: string) => rows.find((row) => row.label === label)?.marks ?? [];
  for (const label of ['from peer', 'to prog']) {
    assert.equal(
      marksOf(label).map(({ symbol, meaning }) => [symbol, meaning]),
      [['x', '60 chunks, 300 bytes in all']],
    );
  }
  assert.equal(
    marksOf('wire in').map(({ symbol, meaning }) => [symbol, meaning]),
    [['D', '60 records, 1440 bytes in all']],
  );
});

test('what the world says and what we say about it is one step, however long we took', () => {
  assert.equal(stepsOf([fromPeer(100), toProg(9000), fromPeer(9001), toProg(9002)]), [0, 0, 1, 1]);
});

test('a law that waited begins a step, one that did not is part of one', () => {
  const law = (time: number, kind: string): TraceEvent => event(time, { stream: 'law', kind, law: 'linger' });
  const hangUp = event(51, { stream: 'hangUp', kind: 'hang_up' });
  assert.equal(stepsOf([fromPeer(10), law(11, 'law'), law(50, 'timer'), hangUp]), [0, 0, 1, 1]);
});

test('records share a step with what they bring and with what they were made of, if that is near in time', () => {
  assert.equal(stepsOf([wire(0, 'in'), wire(100, 'in'), fromPeer(200), toProg(201)]), [0, 0, 0, 0]);
  assert.equal(stepsOf([fromProg(0), wire(100, 'out'), wire(200, 'out')]), [0, 0, 0]);
  assert.equal(stepsOf([fromProg(0), wire(600, 'out')]), [0, 1]);
  assert.equal(stepsOf([wire(0, 'in'), fromPeer(600)]), [0, 1]);
  assert.equal(stepsOf([wire(0, 'in'), fromProg(1)]), [0, 1]);
  assert.equal(stepsOf([fromPeer(0), wire(1, 'in')]), [0, 1]);
  assert.equal(stepsOf([wire(0, 'in'), wire(1, 'out')]), [0, 1]);
});

test('a trace that stops early and one without a handshake say so', () => {
  const { caption } = tracePicture({ ...recordingOf([]), closing: undefined }, all);
  assert.match(caption.join('\n'), /no handshake/);
  assert.match(caption.join('\n'), /the trace stops before the verdict/);
});

test('every event of every recording has a row', () => {
  for (const name of names) {
    for (const each of recorded(scenarioIn(name), scenarioIn(name).protocols[0] ?? 'TLSv1.3').events) rowOf(each);
  }
});

test.run();
