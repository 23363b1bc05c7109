import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { paintFor } from '../../scripts/demo/paint.ts';
import { rowsOf } from '../../scripts/demo/rows.ts';
import { blocks, page } from '../support/pages.ts';
import { once, type Live } from './support/live.ts';

const DEMO = new URL('../../scripts/demo.ts', import.meta.url).pathname;

/** One picture of the demo: its words, and its marbles without time. */
interface Scene {
  readonly title: string;
  readonly rule: string;
  /** The symbols of a row in their order, by its label. */
  readonly rows: Readonly<Record<string, string>>;
  /** The verdict line without its milliseconds. */
  readonly verdict: string;
  readonly status: string;
}

const scenesIn = (output: string): readonly Scene[] =>
  output
    .split(/\n*^(?=-\S.*TLS 1\.\d)/m)
    .filter((part) => part.startsWith('-'))
    .map((part) => {
      const [title = '', rule = '', , ...lines] = part.trimEnd().split('\n');
      const rows = lines
        .map((line) => /^ {2}(\S.*?) {2,}(\S+)$/.exec(line))
        .map((found) => [found?.[1] ?? '', (found?.[2] ?? '').replaceAll(/[-()]/g, '')] as const)
        .filter(([label]) => label !== '');
      return {
        title,
        rule,
        rows: Object.fromEntries(rows),
        verdict: (lines.at(-2) ?? '').replace(/\d+ ms/, '… ms'),
        status: lines.at(-1)?.trim() ?? '',
      };
    });

async function demo(live: Live): Promise<string> {
  const running = live.run([process.execPath, '--import', 'tsx', DEMO]);
  assert.is(await running.exit(), 0);
  assert.is(running.stderr, '');
  return running.stdout;
}

once('the demo draws what happens under each policy', async (live) => {
  const scenes = scenesIn(await demo(live));
  const told = scenes.map(({ title, rows, status }) => [title.split(':')[0], rows, status]);
  const always = { 'prog exit': '0', 'hang up': 'T' };
  const half = { 'from peer': 'xyN|', 'from prog': 'a|', ...always };
  assert.equal(told, [
    ['-s, TLS 1.3', { ...half, 'to prog': 'xy|', 'to peer': 'a|', 'peer saw': 'a|' }, 'exit status 0'],
    ['-S, TLS 1.3', { ...half, 'to prog': 'x|', 'to peer': 'aN|', 'peer saw': 'aN|' }, 'exit status 0'],
    ['-N, TLS 1.3', { ...half, 'to prog': 'xy|', 'to peer': 'aN|', 'peer saw': 'aN|' }, 'exit status 0'],
    ['-S, TLS 1.2', { 'from peer': 'xN|', 'to prog': 'x|', 'from prog': 'ab|', 'to peer': 'aN|', 'peer saw': 'aN|', ...always }, 'exit status 0'], // prettier-ignore
    ['-S -J, TLS 1.3', { 'from peer': 'x|', 'to prog': 'x|', 'from prog': 'ab|', 'to peer': 'abN|', 'peer saw': 'abN|', ...always }, 'exit status 98'], // prettier-ignore
  ]);
});

once("the README's pictures are the demo's, times aside", async (live) => {
  const shown = scenesIn(blocks(page('README.md')).get('generated: demo') ?? '');
  assert.is.not(shown.length, 0);
  const real = scenesIn(await demo(live));
  for (const scene of shown) {
    const same = real.find(({ title }) => title === scene.title);
    assert.equal(scene, same);
  }
});

test('rows come from events: a chunk has the letter of the chunk that it came from, and a fault is drawn', () => {
  const heard = [
    's6-tlsd: info: fromPeer: 2 bytes',
    's6-tlsd: info: fromPeer: 3 bytes',
    's6-tlsd: info: toProg: 5 bytes',
    's6-tlsd: info: fromPeer: Fault: reset: ECONNRESET',
    's6-tlsd: info: progExit: {"code":7}',
    's6-tlsd: info: progExit: end',
    'something else: 3 bytes',
  ].map((line, at) => ({ line, at }));
  const symbols = rowsOf(heard).map(({ label, marks }) => [label, marks.map(({ symbol }) => symbol).join('')]);
  assert.equal(Object.fromEntries(symbols.filter(([, marks]) => marks !== '')), {
    'from peer': 'xy#',
    'to prog': 'y',
    'prog exit': '7',
  });
});

test('there is colour on a terminal only, and none with NO_COLOR', () => {
  const row = 'to peer  --aN|';
  assert.is(paintFor({}, {}).rows(row), row);
  assert.is(paintFor({ isTTY: true }, { NO_COLOR: '1' }).rows(row), row);
  const coloured = paintFor({ isTTY: true }, { NO_COLOR: '' }).rows(row);
  assert.is.not(coloured, row);
  assert.is(coloured.replaceAll(/\x1b\[\d+m/g, ''), row);
});

test.run();
