import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { differences, drawScenario, playScenario } from '../../../src/diagram/play.ts';
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

test('the reader and the player run in a browser too: no module of Node', () => {
  for (const name of ['rows', 'scenario', 'drivers', 'play']) {
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
