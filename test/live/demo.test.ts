import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { blocks, page } from '../support/pages.ts';
import { once, type Live } from './support/live.ts';

const DEMO = new URL('../../scripts/demo.ts', import.meta.url).pathname;

/** One picture of the demo: its words, and its marbles without time. */
interface Scene {
  readonly title: string;
  readonly rule: string;
  /** The symbols of a row in their order, by its label. */
  readonly rows: Readonly<Record<string, string>>;
  /** The verdict without its milliseconds, on one line. */
  readonly verdict: string;
  readonly status: string;
}

const scenesIn = (output: string): readonly Scene[] =>
  output
    .split(/\n*^(?=-\S.*TLS 1\.\d: )/m)
    .filter((part) => part.startsWith('-'))
    .map((part) => {
      const [title = '', rule = ''] = part.split('\n');
      const rows = [...part.matchAll(/^([a-z][A-Za-z ]*?) {2,}(\S+)$/gm)].map(
        ([, label = '', marbles = '']) => [label, marbles.replaceAll(/[-()]/g, '')] as const,
      );
      return {
        title,
        rule,
        rows: Object.fromEntries(rows),
        verdict: (/^closed: [^]*?(?=\nexit)/m.exec(part)?.[0] ?? '').replaceAll('\n', ' ').replace(/\d+ ms/, '… ms'),
        status: /^exit \d+$/m.exec(part)?.[0] ?? '',
      };
    });

/** How many records there are is OpenSSL's business, and another one's may be another. */
const unwired = (scene: Scene): Scene => ({
  ...scene,
  rows: Object.fromEntries(Object.entries(scene.rows).filter(([label]) => !label.startsWith('wire'))),
});

async function demo(live: Live): Promise<string> {
  const running = live.run([process.execPath, '--import', 'tsx', DEMO]);
  assert.is(await running.exit(), 0);
  // The last connection is cut short on purpose, and says so.
  assert.is(running.stderr, 's6-tlsd: fatal: unable to carry on with TLS: the peer ended without close_notify\n');
  return running.stdout;
}

once('the demo draws what happens under each policy', async (live) => {
  const scenes = scenesIn(await demo(live));
  const told = scenes.map(({ title, rows, status }) => {
    // How many records there are is OpenSSL's business; that the connection ended by FIN in both directions is ours.
    const { 'wire in': wireIn = '', 'wire out': wireOut = '', ...others } = rows;
    assert.match(`${wireIn} ${wireOut}`, /^[HCDA]+\| [HCDA]+\|$/);
    return [title.split(':')[0], others, status];
  });
  const always = { handshake: 'h', 'prog exit': '0', 'hang up': 'T' };
  const half = { 'from peer': 'xyN|', 'from prog': 'a|', ...always };
  const heard = { untilCloseNotify: '*' };
  assert.equal(told, [
    ['-s, TLS 1.3', { ...half, 'to prog': 'xy|', 'to peer': 'a|', ...heard }, 'exit 0'],
    ['-S, TLS 1.3', { ...half, 'to prog': 'x|', 'to peer': 'aN|', endBy: '*', untilDeaf: '*' }, 'exit 0'],
    ['-N, TLS 1.3', { ...half, 'to prog': 'xy|', 'to peer': 'aN|', endBy: '*', ...heard }, 'exit 0'],
    ['-S, TLS 1.2', { 'from peer': 'xN|', 'to prog': 'x|', 'from prog': 'ab|', 'to peer': 'aN|', ...always, ...heard, untilAnswered: '*', endBy: '*' }, 'exit 0'], // prettier-ignore
    ['-S -J, TLS 1.3', { 'from peer': 'x|', 'to prog': 'x|', 'from prog': 'ab|', 'to peer': 'abN|', ...always, requireCloseNotify: '*', endBy: '*' }, 'exit 98'], // prettier-ignore
  ]);
});

once("the README's pictures are the demo's, times aside", async (live) => {
  const shown = scenesIn(blocks(page('README.md')).get('generated: demo') ?? '');
  assert.is.not(shown.length, 0);
  const real = scenesIn(await demo(live));
  for (const scene of shown)
    assert.equal(
      unwired(scene),
      real.map(unwired).find(({ title }) => title === scene.title),
    );
});

once('with arguments the demo meets the program that they name, and tells what became of it', async (live) => {
  const prog = ['sh', '-c', 'read -r name; echo "hello $name"; exit 3'];
  const running = live.run([
    'sh',
    '-c',
    'echo world | "$@"',
    'sh',
    process.execPath,
    '--import',
    'tsx',
    DEMO,
    '-S',
    ...prog,
  ]);
  assert.is(await running.exit(), 0, running.stderr);
  assert.ok(running.stdout.startsWith('hello world\n'), running.stdout);
  assert.match(running.stdout, /^to peer +-*a-*\(N\|\)/m);
  assert.match(running.stdout, /prog exited 3\nexit 3\n/);
  assert.match(running.stdout, /^Could anything have been lost\?$/m);
  assert.match(
    readFileSync(new URL('../../dist/demo.html', import.meta.url), 'utf8'),
    /<svg[^]*connection \d+: sh behind/,
  );
});

test.run();
