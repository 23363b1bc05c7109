import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inBrowser } from './support/browser.ts';
import { diagram } from '../src/explorer/support/diagrams.ts';

/** Sixty frames in which everything happens that can: data both ways, taken byte by byte, signals, and the ends. */
const SIXTY = [
  'policy=N',
  'versus=s',
  row(
    'from peer',
    Array.from({ length: 28 }, (_, i) => `${2 * i}${letter(i)}`),
    '57N',
    '59|',
  ),
  row(
    'from prog',
    Array.from({ length: 28 }, (_, i) => `${2 * i + 1}${letter(i)}`),
    '58|',
  ),
  row('prog exit', [], '60' + '0'),
  row('signal', ['20h', '40h']),
  row(
    'taken by prog',
    Array.from({ length: 28 }, (_, i) => `${2 * i + 1}1`),
  ),
  'end=',
].join('&');

/** A frame of a display that shows sixty of them in a second, in milliseconds. */
const FRAME = 1000 / 60;
const KEYS = 60;

inBrowser(
  'a change in a scenario of sixty frames is shown with the next frame',
  async (explorer) => {
    await explorer.agrees({ ...diagram('prog-eof-becomes-fin'), policy: 'N' }, 'TLSv1.3', 's');
    const eof = explorer.marble('from prog: EOF');
    await eof.focus();
    const devtools = await explorer.page.context().newCDPSession(explorer.page);
    // The time for which its thread computes, script, style and layout: how long that takes also depends on what else runs here.
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    const computed = async (): Promise<number> => {
      const { metrics } = await devtools.send('Performance.getMetrics');
      return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
    };
    const before = await computed();
    const late = await eof.evaluate(async (marble, keys) => {
      const told = (): string => document.querySelector('[aria-labelledby=told-0]')?.innerHTML ?? '';
      let unchanged = 0;
      for (let i = 0; i < keys; i += 1) {
        const shown = told();
        const seen = new Promise<string>((resolve) => requestAnimationFrame(() => resolve(told())));
        // Now beyond its end, now on it: what is told changes with each key.
        const key = i % 2 === 0 ? 'ArrowRight' : 'ArrowLeft';
        marble.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        if ((await seen) === shown) unchanged += 1;
      }
      return unchanged;
    }, KEYS);
    assert.is(late, 0, 'the next frame still had the rows of before');
    const each = ((await computed()) - before) / KEYS;
    assert.ok(each > 0 && each < FRAME, `a change takes ${each} ms`);
  },
  { fragment: SIXTY },
);

function row(label: string, ...marks: readonly (string | readonly string[])[]): string {
  return `given=${encodeURIComponent([label, ...marks.flat()].join('.'))}`;
}

function letter(index: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + (index % 26));
}

test.run();
