import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TABLES } from '../../bench/tables/tables.ts';
import { measuredFilled } from '../../scripts/docs/performance.ts';
import { performancePicture } from '../../scripts/docs/performance-picture.ts';
import { RESULTS } from './made-up.ts';

const lines = (name: string): readonly string[] => TABLES[name]?.(RESULTS).split('\n') ?? [];

test('start-up is told beside a bare Node, with its spread', () => {
  assert.equal(lines('startup').slice(2, 6), [
    '| `node` on an empty file, to its exit | 20.0 (20.0 to 20.0) | 0 | 1.00 |',
    '| **s6-tlsd** | 30.0 (14.0 to 78.0) | 0 | 1.50 |',
    '| naive-inetd | 60.0 (60.0 to 60.0) | 0 | 3.00 |',
    '| s6-networking | not on this machine |  |  |',
  ]);
});

test('connections are told one at a time and many, and what was lost with its reasons', () => {
  assert.ok(lines('connections').includes('| **s6-tlsd** | 40.0 (40.0 to 40.0) | 10 | 160 | 25 %, 25 % | 0 | 0.80 |'));
  assert.ok(lines('connections').includes('| socat | – | – | – | 25 %, 25 % | 3 | – |'));
  assert.ok(lines('connections').includes('Lost by socat: 2 × wrong answer; 1 × not done within 5 s.'));
});

test('bulk is compared with the fastest of what people use today, under the same suite', () => {
  assert.ok(
    lines('bulk').includes('| **s6-tlsd** | 200 (100 to 300) | 1000 (1000 to 1000) | 50 %, 50 % | 0 | 0.50 | 1.11 |'),
  );
  assert.ok(lines('other suites').includes('| socat | 7000 (7000 to 7000) | – | 50 %, – | 0 | 1.00 | – |'));
});

test('memory is the most of all runs, and how far it was above idle', () => {
  assert.ok(lines('memory').includes('| **s6-tlsd** | 40.0 | 60.0 | 60.0 | – | 75.0 | 33.0 | 1.14 |'));
});

test('a target is met or missed', () => {
  assert.equal(
    lines('targets')
      .slice(2)
      .map((line) => line.split(' | ').slice(1).join(' | ')),
    [
      '≤ 1.60 | 1.50 | met |',
      '≤ 0.70 | 0.80 | **missed** |',
      '≤ 1.10 | 1.10 | met |',
      '≥ 1.00 | 0.50 | **missed** |',
      '≤ 1.00 | 0.50 | met |',
      '≥ 1.00 | 1.11 | met |',
      '≤ 1.00 | 2.00 | **missed** |',
      '≤ 55 MiB | 40.0 MiB | met |',
      '≤ 32 MiB | 33.0 MiB | **missed** |',
    ],
  );
});

test('what was not measured is said to be so', () => {
  const nothing = { startup: [], connections: [], echo: [], bulk: [], stalled: [], bareNode: [], ciphers: [] };
  const told = TABLES['targets']?.({ ...RESULTS, ...nothing }) ?? '';
  assert.is(told.match(/not measured/g)?.length, 9);
  assert.not.match(told, /NaN|Infinity/);
});

test('tables are put into a page between their marks, again and again', () => {
  const page = 'a\n\n<!-- measured: echo -->\n<!-- end -->\n\nb\n';
  const once = measuredFilled(page, RESULTS);
  assert.is(once, `a\n\n<!-- measured: echo -->\n\n${TABLES['echo']?.(RESULTS) ?? ''}\n\n<!-- end -->\n\nb\n`);
  assert.is(measuredFilled(once, RESULTS), once);
  assert.throws(() => measuredFilled('<!-- measured: no such -->\n<!-- end -->', RESULTS), /there is no table no such/);
});

test('the picture shows who was measured, and names who is not there', () => {
  const { svg, description } = performancePicture(RESULTS);
  assert.match(description, 'A whole connection, ms (less is better): s6-tlsd 40.0; naive-inetd 50.0;');
  assert.match(description, 'socat every answer was lost');
  assert.match(description, 's6-networking not on this machine');
  assert.is(
    svg.match(/<rect class="data"/g)?.length,
    1 + 1 + 2 + 2,
    'start-up, connection, down and up, idle and most',
  );
  assert.not.match(svg, /NaN|Infinity/);
});

test.run();
