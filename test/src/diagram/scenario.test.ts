import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { differences, drawScenario } from '../../../src/diagram/compare.ts';
import { playScenario } from '../../../src/diagram/play.ts';
import { Misread } from '../../../src/diagram/rows.ts';
import { readScenario, type Scenario } from '../../../src/diagram/scenario.ts';

const folder = new URL('../../../diagrams/', import.meta.url);
const names = readdirSync(folder);
const scenarios = names.map((name) => readScenario(readFileSync(new URL(name, folder), 'utf8')));
const sound = readFileSync(new URL('prog-eof-becomes-close-notify.yaml', folder), 'utf8');

test('every file is named after its rule, and every rule is told once', () => {
  for (const name of names) assert.match(name, /^[a-z0-9]+(-[a-z0-9]+)*\.yaml$/);
  assert.is(new Set(scenarios.map(({ title }) => title)).size, names.length);
});

test('every policy meets every ending of the peer under both protocols', () => {
  const missing = new Set(
    ['s', 'S', 'N'].flatMap((policy) =>
      ['TLSv1.2', 'TLSv1.3'].flatMap((protocol) =>
        ['N', '|', 'cutRecord', 'alert', 'badRecord', 'reset'].map((ending) => `${policy} ${protocol} ${ending}`),
      ),
    ),
  );
  for (const { policy, protocols, fault, given } of scenarios) {
    const said = given.find(({ label }) => label === 'from peer')?.marks.map(({ symbol }) => symbol) ?? [];
    const ending = said.find((symbol) => 'N|#'.includes(symbol));
    for (const protocol of protocols) {
      missing.delete(`${policy} ${protocol} ${ending === '#' ? (fault.split(' ')[0] ?? '') : (ending ?? '')}`);
    }
  }
  assert.equal([...missing], []);
});

test('whatever is expected is checked: each single change makes a scenario fail', () => {
  for (const scenario of scenarios) {
    const [protocol = 'TLSv1.3'] = scenario.protocols;
    const actual = playScenario(scenario, protocol);
    for (const broken of brokenCopies(scenario)) assert.ok(differences(broken, actual), scenario.title);
  }
});

test('a failing scenario is shown as aligned rows, expected above actual', () => {
  const wrong = readScenario(sound.replace('--a-(N|)', '--a-|'));
  const shown = differences(wrong, playScenario(wrong, 'TLSv1.3')) ?? '';
  assert.match(shown, /^expected to peer {2}--a-\|\nactual {3}to peer {2}--a-\(N\|\)$/m);
});

test('a scenario is drawn with what really happened', () => {
  const scenario = readScenario(sound);
  assert.equal(drawScenario(scenario, playScenario(scenario, 'TLSv1.3')).split('\n'), [
    'from peer  -x----y---|',
    'from prog  --a-|',
    'prog exit  -----------0',
    'to peer    --a-(N|)',
    'to prog    -x--|',
    'hang up    ----------T-',
    scenario.verdict,
  ]);
});

for (const [what, from, to, complaint] of [
  ['an unknown key', 'policy: S', 'policy: S\npolitics: S', /unknown key: politics/],
  ['a key twice', 'policy: S', 'policy: S\npolicy: s', /unique/],
  ['no policy', 'policy: S\n', '', /missing or no text: policy/],
  ['an unknown policy', 'policy: S', 'policy: x', /x is none of/],
  ['an unknown protocol', 'TLSv1.2', 'TLSv1.1', /TLSv1\.1 is none of/],
  ['no protocol', '[TLSv1.2, TLSv1.3]', '[]', /no list/],
  ['no verdict', /verdict: .*\n/, '', /missing or no text: verdict/],
  ['bytes that are no mapping', 'policy: S', 'policy: S\nbytes: 3', /bytes: no mapping/],
  ['bytes of what is no letter', 'policy: S', 'policy: S\nbytes: { X: 3 }', /bytes: X is no letter/],
  ['no byte for a letter', 'policy: S', 'policy: S\nbytes: { x: 0 }', /bytes: x is no whole number from 1/],
  ['more bytes than there can be', 'policy: S', 'policy: S\nbytes: { x: 1073741825 }', /bytes: x is no whole/],
  ['an unknown fault', 'policy: S', 'policy: S\nfault: toString', /unknown fault: toString/],
  ['an unknown fault of writing', 'policy: S', 'policy: S\nwriteFault: rest', /unknown fault: rest/],
  ['an unknown status', 'policy: S', 'policy: S\nprogStatus: gone', /neither code nor signal/],
  ['an alias', 'policy: S', 'clause: &a x\npolicy: *a', /unique|alias/],
  ['a connection longer than a timer', '-x----y---|', '-x 2147484s y|', /longer than 2147483647 ms/],
  ['no exit', 'exit: 0', '', /no whole number: exit/],
  ['nothing expected of the peer', / {2}to peer.*\n/, '', /nothing is expected of: to peer/],
  ['nothing expected of prog', / {2}to prog.*\n/, '', /nothing is expected of: to prog/],
  ['no hanging up expected', / {2}hang up.*\n/, '', /nothing is expected of: hang up/],
  ['an unknown row', 'from peer ', 'from pear ', /unknown row in given: from pear/],
  ['a row twice', /( {2}from peer.*\n)/, '$1$1', /a row twice/],
  ['a symbol of another row', '-x----y---|', '-x----T---|', /T does not belong/],
  ['a group that is not closed', '(N|)', '(N|', /not marbles/],
  ['data after an end', '-x----y---|', '-x----y---|z', /something after the end/],
  ['rows out of line', 'to peer       ', 'to peer      ', /not aligned/],
  ['expected rows out of line with given ones', /^( {2}(?:to|hang)[a-z ]*)/gm, '$1 ', /not aligned/],
] as const) {
  test(`a scenario with ${what} is not read`, () => {
    const changed = sound.replace(from, to);
    assert.is.not(changed, sound);
    assert.throws(() => readScenario(changed), complaint);
  });
}

for (const [what, from, to, line] of [
  ['a key', 'policy: S', 'policy: x', 3],
  ['a row of what is given', '-x----y---|', '-x----y-?-|', 6],
  ['a row of what is expected', '--a-(N|)', '--a-(N|', 10],
  ['a row that is out of line', 'to prog       ', 'to prog      ', 11],
  ['a row that is unknown', 'from prog ', 'from frog ', 7],
  ['YAML', 'policy: S', 'policy: [', 4],
] as const) {
  test(`what is wrong in ${what} is told with its line`, () => {
    const changed = sound.replace(from, to);
    assert.is.not(changed, sound);
    assert.throws(
      () => readScenario(changed),
      (error: unknown) => error instanceof Misread && error.line === line,
    );
  });
}

test('a letter stands for its bytes, in chunks, in what is taken, and in the verdict', () => {
  const sized = readScenario(
    sound
      .replace('policy: S', 'policy: S\nhighWaterMark: 100\nbytes: { x: 60, y: 7, a: 100 }')
      .replace('  prog exit ', '  taken by peer   -----------a|\n  prog exit ')
      .replace('  hang up ', '  demand prog     h-l--------h\n  hang up ')
      .replace('--a-(N|)', '--a-(N|)'),
  );
  const { verdicts, rows } = playScenario(sized, 'TLSv1.3');
  assert.is(verdicts[0]?.bytesOut, 100);
  assert.is(verdicts[0]?.bytesIn, 67);
  assert.equal(
    rows['demand prog'].map(({ frame, symbol }) => `${String(frame)}${symbol}`),
    ['0h', '2l', '4h'],
  );
});

test('what breaks a write can be said', () => {
  const name = 'write-fails-while-the-peer-still-sends.yaml';
  const text = readFileSync(new URL(name, folder), 'utf8');
  const muted = readScenario(text.replace('policy:', 'writeFault: alert unexpected_message\npolicy:'));
  const [verdict] = playScenario(muted, 'TLSv1.3').verdicts;
  assert.ok(verdict?.cause !== undefined && 'fault' in verdict.cause);
  assert.is(verdict.cause.fault.message, 'alert: unexpected_message');
});

test('the reader and the player run in a browser too: no module of Node', () => {
  for (const name of ['alphabet', 'drivers', 'mapping', 'play', 'rows', 'scenario', 'values', 'written']) {
    const source = readFileSync(new URL(`../../../src/diagram/${name}.ts`, import.meta.url), 'utf8');
    assert.not.match(source, /from 'node:|process\.|Buffer/);
  }
});

test.run();

/** Copies of a scenario in each of which one single expectation is wrong. */
function* brokenCopies(scenario: Scenario): Generator<Scenario> {
  for (const row of scenario.expected) {
    const wrong = [...row.marks.map((mark) => ({ ...mark, frame: mark.frame + 1 }))];
    if (wrong.length === 0) wrong.push({ frame: 3, symbol: 'h' });
    yield {
      ...scenario,
      expected: scenario.expected.map((other) => (other === row ? { ...row, marks: wrong } : other)),
    };
    if (row.marks.length > 0) {
      const less = row.marks.slice(0, -1);
      yield {
        ...scenario,
        expected: scenario.expected.map((other) => (other === row ? { ...row, marks: less } : other)),
      };
    }
  }
  yield { ...scenario, verdict: scenario.verdict.replace(/\d+ ms/, '999 ms') };
  yield { ...scenario, exit: scenario.exit + 1 };
}
