import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { helpText, versionText } from '../../../src/inspect/help.ts';
import { called } from './support/called.ts';

const folder = mkdtempSync(join(tmpdir(), 'marble-tls-inspect-'));
test.after(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);
const file = (name: string, content: string): string => {
  writeFileSync(path(name), content);
  return path(name);
};
const project = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const greet = project('docs/examples/greet.trace');
const cut = project('docs/examples/cut.trace');
const diagram = project('diagrams/prog-eof-becomes-close-notify.yaml');
const trace = readFileSync(greet, 'utf8');
const fatal = async (argv: readonly string[], stdin?: string): Promise<string> => {
  const { exitStatus, stdout, stderr } = await called(argv, stdin === undefined ? {} : { stdin });
  assert.is(exitStatus, 2, stderr);
  assert.is(stdout, '');
  assert.match(stderr, /^marble-tls: fatal: [^\n]*\n$/);
  return stderr.slice('marble-tls: fatal: '.length, -1);
};

test('help and version go to stdout', async () => {
  assert.equal(await called(['--help']), { exitStatus: 0, stdout: helpText(), stderr: '' });
  assert.equal(await called(['spec', '--help']), { exitStatus: 0, stdout: helpText('spec'), stderr: '' });
  assert.equal(await called(['--version']), { exitStatus: 0, stdout: versionText, stderr: '' });
});

test('wrong usage is one line and exit 2', async () => {
  assert.match(await fatal(['render', '--nonsense', greet]), /^unknown flag: --nonsense; usage: marble-tls render /);
});

test('a file is a trace or a diagram by what it holds, whatever its name; - is stdin', async () => {
  const misnamed = file('a.yaml', trace);
  const { stdout } = await called(['render', greet]);
  assert.is((await called(['render', misnamed])).stdout, stdout);
  assert.is((await called(['render', '-'], { stdin: trace })).stdout, stdout);
  const drawn = await called(['render', '-'], { stdin: readFileSync(diagram, 'utf8') });
  assert.is(drawn.stdout, (await called(['render', diagram])).stdout);
});

test('several files are drawn one after the other', async () => {
  const [one, other, both] = await Promise.all([
    called(['render', greet]),
    called(['render', diagram]),
    called(['render', greet, diagram]),
  ]);
  assert.is(both.stdout, `${one.stdout}\n${other.stdout}`);
});

test('all formats can be written to a file', async () => {
  for (const [format, begins] of [
    ['text', 'connection'],
    ['svg', '<svg'],
    ['html', '<!doctype html>'],
  ] as const) {
    const written = path(`out.${format}`);
    assert.equal(await called(['render', greet, '--format', format, '-o', written]), {
      exitStatus: 0,
      stdout: '',
      stderr: '',
    });
    assert.ok(readFileSync(written, 'utf8').toLowerCase().startsWith(begins), format);
  }
});

test('an SVG is one picture', async () => {
  assert.match(await fatal(['render', greet, cut, '--format', 'svg']), /^an SVG holds one picture, and there are 2/);
});

test('of several connections --connection chooses one; render takes all', async () => {
  const two = file('two.trace', trace + readFileSync(cut, 'utf8'));
  const all = await called(['render', two]);
  const second = await called(['render', two, '--connection', '2']);
  assert.is(second.stdout, (await called(['render', cut])).stdout);
  assert.is(all.stdout, `${(await called(['render', greet])).stdout}\n${second.stdout}`);
  assert.match(await fatal(['spec', two]), /two\.trace has 2 connections: choose one with --connection N$/);
  assert.match(await fatal(['render', two, '--connection', '3']), /two\.trace has connections 1 to 2$/);
  assert.match(await fatal(['render', two, '--connection', '0']), /connections 1 to 2$/);
  assert.is((await called(['diff', two, cut, '--connection', '1'])).exitStatus, 1);
});

test('rows can be chosen, and a row that there is not is refused', async () => {
  const { stdout } = await called(['render', greet, '--rows', 'to peer, wire out,laws']);
  assert.equal(
    [...stdout.matchAll(/^(to peer|wire out|endBy|from peer) /gm)].map(([, label]) => label),
    ['to peer', 'wire out', 'endBy'],
  );
  const demand = /^demand peer/m;
  assert.match((await called(['render', greet, '--all'])).stdout, demand);
  assert.not.match((await called(['render', greet])).stdout, demand);
  assert.match(
    await fatal(['render', greet, '--rows', 'to pear']),
    /^--rows: no such row: to pear; there are handshake, /,
  );
});

test('colour is for terminals, and not for those who do not want it', async () => {
  const terminal = { isTTY: true, columns: 80 };
  const escapes = async (screen: object, environment = {}): Promise<boolean> =>
    (await called(['render', greet], { screen, environment })).stdout.includes('\x1b[');
  assert.ok(await escapes(terminal));
  assert.ok(await escapes(terminal, { NO_COLOR: '' }));
  assert.not.ok(await escapes(terminal, { NO_COLOR: '1' }));
  assert.not.ok(await escapes(terminal, { TERM: 'dumb' }));
  assert.not.ok(await escapes({}));
  const written = path('plain');
  await called(['render', greet, '-o', written], { screen: terminal });
  assert.not.ok(readFileSync(written, 'utf8').includes('\x1b['));
});

test('the width is that of the terminal', async () => {
  const widest = async (columns: number): Promise<number> =>
    Math.max(
      ...(await called(['explain', greet], { screen: { isTTY: true, columns }, environment: { NO_COLOR: '1' } })).stdout
        .split('\n')
        .map(({ length }) => length),
    );
  assert.ok((await widest(60)) <= 60);
  assert.ok((await widest(200)) > 100);
});

test('data is JSON: pictures, stories, differences', async () => {
  const pictures = JSON.parse((await called(['render', greet, '--json'])).stdout) as { rows: unknown[] }[];
  assert.ok((pictures[0]?.rows.length ?? 0) > 5);
  const stories = JSON.parse((await called(['explain', greet, cut, '--json'])).stdout) as { connection: number }[];
  assert.is(stories.length, 2);
  const { exitStatus, stdout } = await called(['diff', greet, cut, '--json']);
  assert.is(exitStatus, 1);
  assert.is((JSON.parse(stdout) as { same: boolean }).same, false);
});

test('diff exits 0 for the same, 1 for others, 2 for trouble', async () => {
  assert.is((await called(['diff', greet, greet])).exitStatus, 0);
  assert.is((await called(['diff', greet, cut])).exitStatus, 1);
  assert.is((await called(['diff', greet, path('nothing')])).exitStatus, 2);
});

for (const [what, content, reason] of [
  ['an empty file', '', /: empty$/],
  ['blanks', '\n \n', /: empty$/],
  ['a trace with a line that is none', `${trace}oops\n`, /broken:\d+: not JSON$/],
  ['a diagram with an unknown key', 'title: x\npolitics: S\n', /broken:2: unknown key: politics$/],
  [
    'a diagram with a bad row',
    readFileSync(diagram, 'utf8').replace('x----y', 'x--?-y'),
    /broken:6: .*\? does not belong/,
  ],
  ['YAML that is none', 'title: [a\n', /broken:\d: /],
  ['something else', '\x00\x01\x02', /broken:1: /],
] as const) {
  test(`${what} is refused with its place`, async () => {
    assert.match(await fatal(['render', file('broken', content)]), reason);
  });
}

test('what cannot be read or written is told in the words of the system', async () => {
  assert.match(await fatal(['render', path('nothing')]), /^unable to read .*\/nothing: no such file or directory$/);
  assert.match(await fatal(['render', folder]), /^unable to read .*: illegal operation on a directory$/);
  assert.match(
    await fatal(['render', greet, '-o', path('no/where')]),
    /^unable to write .*: no such file or directory$/,
  );
  assert.match(await fatal(['render', '/dev/zero']), /^\/dev\/zero: more than \d+ bytes$/);
});

test('explain and spec want traces', async () => {
  assert.match(await fatal(['explain', diagram]), /: a diagram, where a trace is wanted$/);
  assert.match(await fatal(['spec', diagram]), /: a diagram, where a trace is wanted$/);
});

test('names of files and what is in them cannot command a terminal', async () => {
  const reason = await fatal(['render', file('b\x1b[2J', '{"trace":1,"x":"\x1b"}\n')]);
  assert.not.match(reason, /\x1b/);
});

test('a trace that stops early is drawn and told with a warning; no diagram is made of it', async () => {
  const early = file('early.trace', `${trace.split('\n').slice(0, 20).join('\n')}\n{"conn`);
  const { exitStatus, stderr, stdout } = await called(['render', early]);
  assert.is(exitStatus, 0);
  assert.match(stdout, /the trace stops before the verdict/);
  assert.equal(
    stderr.split('\n').map((line) => line.replace(/ \S*early\.trace/, ' early.trace')),
    [
      'marble-tls: warning: early.trace:21: the last line is torn: left out',
      `marble-tls: warning: early.trace:1: the trace of connection ${/"connection":(\d+)/.exec(trace)?.[1] ?? ''} stops before its verdict`,
      '',
    ],
  );
  assert.match(await fatal(['spec', early]), /the trace stops before its verdict, so that nothing can be expected$/);
});

test('a diagram that expects something else than it does is drawn as it does, with a warning', async () => {
  const wrong = file('wrong.yaml', readFileSync(diagram, 'utf8').replace('--a-(N|)', '--a-|'));
  const { exitStatus, stdout, stderr } = await called(['render', wrong]);
  assert.is(exitStatus, 0);
  assert.match(stdout, /to peer +--a-\(N\|\)/);
  assert.match(
    stderr,
    /^marble-tls: warning: .*wrong\.yaml: does something else than it expects; drawn is what it does\n$/,
  );
});

test('when the rules do not do what was recorded, that is told, and the recording is what is expected', async () => {
  // As if our close_notify had never been said.
  const lines = trace.split('\n').filter((line) => !(line.includes('"toPeer"') && line.includes('"close_notify"')));
  const wrong = file('wrong.trace', lines.join('\n'));
  const { exitStatus, stdout, stderr } = await called(['spec', wrong]);
  assert.is(exitStatus, 0);
  assert.match(
    stderr,
    /^marble-tls: warning: the rules do not reproduce the recording: to peer is different; expected is what was recorded\n$/,
  );
  assert.match(stdout, /^ {2}to peer +-+a\|/m);
});

test('every diagram can be drawn in every format', async () => {
  const diagrams = readdirSync(project('diagrams')).map((name) => project(`diagrams/${name}`));
  for (const time of ['event', 'scale']) {
    const { exitStatus, stdout } = await called(['render', ...diagrams, '--format', 'html', '--time', time]);
    assert.is(exitStatus, 0);
    assert.is(stdout.match(/<svg/g)?.length, diagrams.length);
  }
});

test.run();
