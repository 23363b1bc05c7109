import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Checkpoint, Results } from '../../bench/results.ts';
import { TABLES } from '../../bench/tables/tables.ts';
import { performancePicture } from '../../scripts/docs/performance-picture.ts';
import { facts, RESULTS as BEFORE, whole } from './made-up.ts';

const SERVER = facts('s6-tlsserver', { perConnection: false, resident: true });

/** A server that takes 10 MiB in its first 3000 connections, and then so many bytes for each. */
const checkpoints = (bytesEach: number, descriptorsLeft = 0): readonly Checkpoint[] =>
  Array.from({ length: 11 }, (_, place) => {
    const connections = place * 2000;
    const memoryMiB = 50 + Math.min(10, place * 5) + (connections * bytesEach) / 2 ** 20;
    return { connections, memoryMiB, descriptors: 20 + (place === 10 ? descriptorsLeft : 0) };
  });

const RESULTS: Results = {
  ...BEFORE,
  contenders: [
    ...BEFORE.contenders,
    SERVER,
    facts('s6-tlsserver-w2', { resident: true, missing: 'not built' }),
    facts('socat-tuned'),
    facts('stunnel', { resident: true }),
  ],
  connections: [
    { ...whole('s6-tlsserver', 1, 4), perSecond: [200, 300, 250] },
    { ...whole('s6-tlsserver', 16, 4), perSecond: [390] },
    whole('stunnel', 1, 5),
    { ...whole('socat', 1, 40), perSecond: [20] },
    { ...whole('socat-tuned', 1, 4), perSecond: [200] },
    { ...whole('socat', 16, 4), perSecond: [300] },
    { ...whole('socat-tuned', 16, 4), perSecond: [80] },
  ],
  held: [
    {
      ...{ contender: 's6-tlsserver', lost: { 'wrong answer': 2 } },
      runs: [{ open: 512, seconds: 2, idleMiB: 50, heldMiB: 150, afterMiB: 70 }],
    },
  ],
  inARow: [
    { contender: 's6-tlsserver', lost: {}, seconds: 100, checkpoints: checkpoints(64, 1) },
    { contender: 'stunnel', lost: {}, seconds: 100, checkpoints: checkpoints(0).slice(0, 2) },
  ],
  stalledHandshakes: [
    {
      ...{ contender: 's6-tlsserver', lost: {}, without: [4, 4, 4], beside: [5, 4, 6], limited: true },
      silentCut: Array.from({ length: 300 }, (_, place) => 3 + place / 1000),
      tricklingCut: [],
    },
    {
      ...{ contender: 'stunnel', lost: {}, without: [5], beside: [10], limited: false },
      ...{ silentCut: [], tricklingCut: [] },
    },
  ],
};

const lines = (name: string, results = RESULTS): readonly string[] => TABLES[name]?.(results).split('\n') ?? [];

test('memory of open connections is shared out among those that were open, and who is not there is named', () => {
  assert.equal(lines('held open').slice(2, 5), [
    '| **s6-tlsserver** | 200 (200 to 200) | 50.0 | 150.0 | 70.0 | 256 | 2 |',
    '| **s6-tlsserver-w2** | not on this machine |  |  |  |  |  |',
    '',
  ]);
  assert.ok(lines('held open').includes('Lost by s6-tlsserver: 2 × wrong answer.'));
});

test('it is said that servers that stay are warmed up', () => {
  assert.match(lines('connections').at(-1) ?? '', 'Servers that stay had 200 connections before, which do not count.');
  assert.not.match(TABLES['connections']?.(BEFORE) ?? '', 'Servers that stay');
});

test('growth is told for each connection once memory has settled, and not when it was looked at too early', () => {
  assert.equal(lines('in a row').slice(2, 5), [
    '| **s6-tlsserver** | 20000 | 200 | 50.0 | 61.2 | 61.2 | 64 | 1 | 0 |',
    '| **s6-tlsserver-w2** | not on this machine |  |  |  |  |  |  |  |',
    '| stunnel | 2000 | 20 | 50.0 | 55.0 | 55.0 | – | 0 | 0 |',
  ]);
});

test('connections beside handshakes that stall are compared with those of the same server before', () => {
  assert.equal(lines('stalled handshakes').slice(2, 5), [
    '| **s6-tlsserver** | 4.0 (4.0 to 4.0) | 5.0 (4.2 to 5.8) | 1.25 | 300: 3.0 to 3.3 | 0 | 0 |',
    '| **s6-tlsserver-w2** | not on this machine |  |  |  |  |  |',
    '| stunnel | 5.0 (5.0 to 5.0) | 10.0 (10.0 to 10.0) | 2.00 | no limit set | no limit set | 0 |',
  ]);
});

test('the resident server has targets of its own, and is compared with the faster socat', () => {
  const told = lines('targets').filter((_, place) => place >= 11);
  assert.equal(told, [
    '| s6-tlsserver: whole connection ÷ stunnel, daemon | ≤ 1.00 | 0.80 | met |',
    '| connections a second, one at a time ÷ socat-tuned | ≥ 1.30 | 1.25 | **missed** |',
    '| connections a second, 16 at a time ÷ socat | ≥ 1.30 | 1.30 | met |',
    '| memory of each of 1000 connections at once | ≤ 150 KiB | 200.0 KiB | **missed** |',
    '| growth in 20000 connections in a row, each | ≤ 100 B | 64.0 B | met |',
    '| descriptors left after 20000 connections | ≤ 0 left | 1.0 left | **missed** |',
    '| whole connection beside 200 stalled handshakes ÷ without | ≤ 1.10 | 1.25 | **missed** |',
    '| stalled handshakes that `-K` cut, share | ≥ 1.00 | 0.75 | **missed** |',
  ]);
});

test('a run without the resident server says nothing of its targets; one that did not measure it says so', () => {
  assert.not.match(TABLES['targets']?.(BEFORE) ?? '', 's6-tlsserver');
  const nothing: Results = { ...BEFORE, contenders: [SERVER], held: [], inARow: [], stalledHandshakes: [] };
  assert.equal(
    lines('targets', nothing)
      .slice(11)
      .filter((line) => !line.endsWith('| not measured |')),
    [],
  );
  for (const name of ['held open', 'in a row', 'stalled handshakes'])
    assert.equal(lines(name, nothing), ['Not measured in this run.'], name);
});

test('the picture has panels of the resident servers when there are any', () => {
  const { description, svg } = performancePicture(RESULTS);
  assert.match(
    description,
    'Memory of each of 1000 open connections, KiB (less is better): s6-tlsserver 200; s6-tlsserver-w2 not on this machine',
  );
  assert.match(
    description,
    /Connections a second, 16 at a time \(more is better\): [^.]*socat 300; [^.]*s6-tlsserver 390/,
  );
  assert.not.match(svg, /NaN|Infinity/);
  assert.not.match(performancePicture(BEFORE).description, /open connections|a second/);
});

test.run();
