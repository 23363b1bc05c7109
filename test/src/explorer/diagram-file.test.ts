import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Protocol } from '../../../graph/vocabulary.ts';
import { differences } from '../../../src/diagram/compare.ts';
import { ORDERS, playScenario } from '../../../src/diagram/play.ts';
import type { Mark } from '../../../src/diagram/rows.ts';
import { readScenario, type Scenario } from '../../../src/diagram/scenario.ts';
import { diagramFile } from '../../../src/explorer/model/diagram-file.ts';
import { diagram, DIAGRAMS } from './support/diagrams.ts';
import { states } from './support/edits.ts';
import { seed } from './support/seed.ts';

const begun = diagram('prog-eof-becomes-close-notify');

/** Reads a file as test/diagrams.test.ts does, and fails when that would. */
function accepted(text: string): Scenario {
  const scenario = readScenario(text);
  for (const protocol of scenario.protocols) {
    for (const [how, order] of Object.entries(ORDERS)) {
      const difference = differences(scenario, playScenario(scenario, protocol, order));
      if (difference !== undefined) assert.unreachable(`${how}\n${difference}`);
    }
  }
  return scenario;
}

const marksAt = (...marks: readonly (readonly [frame: number, symbol: string])[]): readonly Mark[] =>
  marks.map(([frame, symbol]) => ({ frame, symbol }));

const REFUSALS = [
  /^The connection does not end, and a diagram needs a verdict: let prog exit, and both sides end\.$/,
  /^Nothing happens, and a diagram needs something that is given\.$/,
  /^Too much happens in the same moment to be drawn: move some marbles apart\.$/,
];

test('the file of whatever has been edited passes the tests of diagrams/, or a sentence says why there is none', () => {
  let files = 0;
  fc.assert(
    fc.property(states, fc.boolean(), ({ scenario, protocol }, changed) => {
      let text: string;
      try {
        text = diagramFile(scenario, scenario.policy, protocol, changed);
      } catch (error) {
        assert.ok(error instanceof Error && REFUSALS.some((refusal) => refusal.test(error.message)), String(error));
        return;
      }
      files += 1;
      const read = accepted(text);
      assert.equal(read.protocols, [protocol]);
      assert.is(read.policy, scenario.policy);
    }),
    { seed, numRuns: 300 },
  );
  assert.ok(files > 100, `only ${files} files`);
});

const gives = (name: string, protocol: Protocol): void => {
  const scenario = diagram(name);
  const read = accepted(diagramFile(scenario, scenario.policy, protocol, false));
  const told = ({ given, expected, verdict, exit, title, clause }: Scenario): unknown => ({
    given: given.map(({ label, marks }) => ({ label, marks })),
    expected: new Map(expected.map(({ label, marks }) => [label, marks])),
    ...{ verdict, exit, title, clause },
  });
  const wanted = new Set(scenario.expected.map(({ label }) => label));
  const same = { ...read, expected: read.expected.filter(({ label }) => wanted.has(label)) };
  assert.equal(told(same), told(scenario));
};

for (const [name, { protocols }] of DIAGRAMS) {
  for (const protocol of protocols) {
    test(`${name}, left as it is, gives the same diagram under ${protocol}`, () => gives(name, protocol));
  }
}

test('a file of what was changed no longer says the title and the clause of what it was', () => {
  const file = (scenario: Scenario, changed: boolean): Scenario =>
    readScenario(diagramFile(scenario, 'N', 'TLSv1.2', changed));
  const same = file(begun, false);
  assert.is(same.title, begun.title);
  assert.is(same.clause, begun.clause);
  const changed = file(begun, true);
  assert.is(changed.title, `Made in the explorer from: ${begun.title}`);
  assert.is(changed.clause, 'RFC 5246 §7.2.1');
  assert.is(file(changed, true).title, changed.title);
});

test('a title that YAML would take for something else stays what it is', () => {
  for (const title of ['yes', '2026-01-02', '- a: b #c', "it's \u202e", '  x', '{', '&a']) {
    const { title: read } = readScenario(diagramFile({ ...begun, title }, 'S', 'TLSv1.3', false));
    assert.is(read, title.replace('\u202e', String.raw`\xe2\x80\xae`).trim());
  }
});

test('marks that are too close to be drawn side by side are moved apart, and the file says what happens then', () => {
  const given = begun.given.map((row) =>
    row.label === 'from peer' ? { ...row, marks: marksAt([2, 'x'], [2, 'y'], [3, 'z'], [11, '|']) } : row,
  );
  const read = accepted(diagramFile({ ...begun, given }, 'S', 'TLSv1.3', true));
  const said = read.given.find(({ label }) => label === 'from peer')?.marks;
  assert.equal(said, marksAt([2, 'x'], [2, 'y'], [6, 'z'], [14, '|']));
  assert.match(read.verdict, /; 14 ms;/);
});

test('there is no file of what depends on who listens first', () => {
  // The peer breaks the connection before the handshake of the same moment.
  const given = [
    {
      label: 'from peer' as const,
      marks: marksAt([1, 'x'], [1, '#']),
    },
    { label: 'prog exit' as const, marks: marksAt([12, '0']) },
    { label: 'handshake' as const, marks: marksAt([1, 'h']) },
  ];
  const scenario = { ...diagram('bad-record-after-our-ending-is-still-an-error'), given };
  assert.throws(() => diagramFile(scenario, 's', 'TLSv1.2', true), REFUSALS[2]);
});

test('a row in which reading ends and begins again is drawn so that it can be read', () => {
  const given = [
    {
      label: 'from peer' as const,
      marks: marksAt([0, 'x'], [6009, '|']),
    },
    { label: 'from prog' as const, marks: marksAt([0, 'a']) },
    { label: 'signal' as const, marks: marksAt([5, 'i']) },
  ];
  const scenario = { ...diagram('signal-that-prog-ignores'), idleTimeout: 1, given };
  const read = accepted(diagramFile(scenario, 'S', 'TLSv1.2', true));
  const reading = read.expected.find(({ label }) => label === 'reading prog')?.marks;
  assert.is(reading?.map(({ symbol }) => symbol).join(''), '^!^!');
});

test('there is no file of a connection that does not end, nor of nothing', () => {
  const without = (label: string): Scenario => ({ ...begun, given: begun.given.filter((row) => row.label !== label) });
  assert.throws(() => diagramFile(without('prog exit'), 'S', 'TLSv1.3', true), REFUSALS[0]);
  const handshakeTimeout = { ...begun, idleTimeout: 5, given: [{ label: 'handshake' as const, marks: [] }] };
  assert.throws(() => diagramFile(handshakeTimeout, 'S', 'TLSv1.3', true), REFUSALS[1]);
});

test.run();
