import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { scenarioPicture } from '../../../src/diagram/picture.ts';
import { playScenario } from '../../../src/diagram/play.ts';
import { readScenario } from '../../../src/diagram/scenario.ts';
import type { Picture } from '../../../src/picture/picture.ts';

const folder = new URL('../../../diagrams/', import.meta.url);

function pictureOf(name: string): Picture {
  const scenario = readScenario(readFileSync(new URL(name, folder), 'utf8'));
  const protocol = scenario.protocols[0] ?? 'TLSv1.3';
  return scenarioPicture(scenario, protocol, playScenario(scenario, protocol));
}

/** The marks of a row, as `symbol kind meaning@time`. */
const marksIn = ({ rows }: Picture, label: string): readonly string[] | undefined =>
  rows
    .find((row) => row.label === label)
    ?.marks.map(({ symbol, kind, meaning, time }) => `${symbol} ${kind} ${meaning}@${String(time)}`);

test('a scenario becomes its given rows, what we did, and the laws that decided', () => {
  const picture = pictureOf('truncation-is-an-error-under-big-j.yaml');
  assert.equal(
    picture.rows.map(({ group, label }) => `${group}: ${label}`),
    [
      'given: from peer',
      'given: from prog',
      'given: prog exit',
      'told: to peer',
      'told: to prog',
      'told: hang up',
      'law: requireCloseNotify',
      'law: endBy',
    ],
  );
  assert.equal(picture.caption, [
    '-S -J, TLS 1.2: RFC 8446 §6.1, truncation attack',
    'closed: peer first by fin, prog by eof; sent close_notify; in 1 out 1; 9 ms; prog exited 0',
    'exit 98',
  ]);
});

test('each mark knows what it is: the same symbol is not the same in each row', () => {
  const cut = pictureOf('fin-inside-a-record-still-answers-under-big-s.yaml');
  assert.equal(marksIn(cut, 'from peer'), ['x data data x@1', '# fault fault: cutRecord@4']);
  assert.equal(marksIn(cut, 'to peer'), ['a data data a@6', 'N close_notify close_notify@9', '| end FIN@9']);
  assert.equal(marksIn(cut, 'to prog'), ['x data data x@1', '| end EOF@4']);
  assert.equal(marksIn(cut, 'prog exit'), ['0 exit exit with code 0@9']);
  const killed = pictureOf('prog-killed-by-a-signal.yaml');
  assert.match(marksIn(killed, 'prog exit')?.join() ?? '', /^x exit exit with signal \d+@/);
  const signal = pictureOf('signal-in-mid-transfer.yaml');
  assert.equal(marksIn(signal, 'signal to prog'), ['t other SIGTERM@5']);
  const stalled = pictureOf('stalled-peer-stops-prog.yaml');
  assert.match(marksIn(stalled, 'demand prog')?.join() ?? '', /^h demand read on@0,l demand stop reading@/);
});

test('no row of any diagram is drawn as mere data where its symbols are none', () => {
  for (const name of readdirSync(folder)) {
    for (const { label, marks } of pictureOf(name).rows) {
      const carries = /^(from|to) (peer|prog)$/.test(label);
      assert.ok(carries || marks.every(({ kind }) => kind !== 'data'), `${name}: ${label}`);
    }
  }
});

test('what happens after the verdict is no part of the picture', () => {
  const { rows } = pictureOf('idle-timeout-ends-both-directions.yaml');
  assert.equal(
    rows.filter(({ group }) => group === 'law').map(({ label }) => label),
    ['idleTimeout', 'endBy'],
  );
});

test('the description tells options, rows and verdict, in this order', () => {
  const { description } = pictureOf('idle-timeout-ends-both-directions.yaml');
  assert.match(
    description,
    /^-S -K 100, TLS 1\.2\. from peer: data x at 1 ms\. from prog: .* Verdict: closed: timeout first, .*; exit 3\.$/,
  );
});

test.run();
