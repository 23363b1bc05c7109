import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LAST_FRAME } from '../../src/explorer/model/edit.ts';
import { inBrowser } from './support/browser.ts';
import { diagram } from '../src/explorer/support/diagrams.ts';
import type { Explorer } from './support/explorer.ts';

// prog-eof-becomes-fin: from peer x@1 y@6 |@10, from prog a@2 |@4, prog exit 0@11.

const FIRST = diagram('prog-eof-becomes-fin');

/** Presses keys on a marble, and says what became of its row. */
const after = async (explorer: Explorer, marble: string, ...keys: readonly string[]): Promise<string> => {
  await explorer.marble(marble).focus();
  for (const key of keys) await explorer.page.keyboard.press(key);
  await explorer.agrees(FIRST);
  return explorer.row(marble.split(':', 1).join());
};

inBrowser('arrows move a marble by a millisecond, with Shift by ten', async (explorer) => {
  assert.is(await after(explorer, 'prog exit: exit with code 0', 'ArrowRight'), 'prog exit: 0@12');
  assert.is(await after(explorer, 'prog exit: exit with code 0', 'ArrowLeft', 'ArrowLeft'), 'prog exit: 0@10');
  assert.is(await after(explorer, 'prog exit: exit with code 0', 'Shift+ArrowRight'), 'prog exit: 0@20');
  assert.is(await after(explorer, 'prog exit: exit with code 0', 'Shift+ArrowLeft'), 'prog exit: 0@10');
});

inBrowser(
  'PageUp and PageDown move it by a tenth of a second, Home to the beginning, End to the last moment',
  async (explorer) => {
    assert.is(await after(explorer, 'prog exit: exit with code 0', 'PageUp', 'PageUp'), 'prog exit: 0@211');
    assert.is(await after(explorer, 'prog exit: exit with code 0', 'PageDown'), 'prog exit: 0@111');
    assert.is(await after(explorer, 'prog exit: exit with code 0', 'Shift+PageUp'), 'prog exit: 0@1111');
    assert.is(await after(explorer, 'prog exit: exit with code 0', 'Home'), 'prog exit: 0@0');
    assert.is(await after(explorer, 'prog exit: exit with code 0', 'End'), 'prog exit: 0@10');
  },
);

inBrowser('keys stop where nothing can be: before the beginning, and behind the end of a row', async (explorer) => {
  assert.is(await after(explorer, 'from prog: data a', ...Array<string>(4).fill('ArrowLeft')), 'from prog: a@0 |@4');
  assert.is(await after(explorer, 'from prog: data a', 'PageUp'), 'from prog: a@4 |@4');
  assert.is(await after(explorer, 'from prog: EOF', 'PageDown'), 'from prog: a@4 |@4');
});

inBrowser('a marble that overtakes another keeps the focus, and goes on', async (explorer) => {
  const keys = Array<string>(8).fill('ArrowRight');
  assert.is(await after(explorer, 'from peer: data x', ...keys), 'from peer: y@6 x@9 |@10');
  assert.is(await explorer.marble('from peer: data x').evaluate((marble) => marble === document.activeElement), true);
  await explorer.page.keyboard.press('PageDown');
  assert.is(await explorer.row('from peer'), 'from peer: x@0 y@6 |@10');
});

for (const key of ['Delete', 'Backspace']) {
  inBrowser(
    `${key} takes a marble away, and the next one has the focus; behind the last, what adds one`,
    async (explorer) => {
      assert.is(await after(explorer, 'from peer: data x', key), 'from peer: y@6 |@10');
      await explorer.page.keyboard.press(key);
      await explorer.page.keyboard.press(key);
      assert.is(await explorer.row('from peer'), 'from peer:');
      await explorer.agrees(FIRST);
      assert.is(await explorer.page.evaluate(() => document.activeElement?.ariaLabel), 'Add to from peer');
    },
  );
}

inBrowser('keys with Ctrl, Alt or Meta are the browser’s', async (explorer) => {
  for (const modifier of ['Control', 'Meta']) {
    assert.is(await after(explorer, 'prog exit: exit with code 0', `${modifier}+ArrowRight`), 'prog exit: 0@11');
  }
});

inBrowser('what a marble is and when it is, is told as a slider tells it', async (explorer) => {
  const marble = explorer.marble('from peer: data y');
  const told = (): Promise<(string | null)[]> =>
    marble.evaluate((slider) => [slider.ariaValueMin, slider.ariaValueMax, slider.ariaValueNow, slider.ariaValueText]);
  assert.equal(await told(), ['0', '10', '6', 'at 6 ms']);
  await marble.press('ArrowLeft');
  assert.equal(await told(), ['0', '10', '5', 'at 5 ms']);
  const end = explorer.marble('from peer: FIN');
  assert.equal(await end.evaluate((slider) => [slider.ariaValueMin, slider.ariaValueMax]), ['5', String(LAST_FRAME)]);
});

test.run();
