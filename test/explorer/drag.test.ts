import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PITCH } from '../../src/picture/shapes.ts';
import { inBrowser, type Setting } from './support/browser.ts';
import { diagram } from '../src/explorer/support/diagrams.ts';
import { dragBy, dragTo, finger, middleOf, mouse, type Pointer } from './support/drag.ts';
import type { Explorer } from './support/explorer.ts';

// prog-eof-becomes-fin: from peer x@1 y@6 |@10, from prog a@2 |@4, prog exit 0@11. A marble that is dragged to the column of another
// happens at the time of that other.

const FIRST = diagram('prog-eof-becomes-fin');

type Body = (explorer: Explorer, pointer: Pointer) => Promise<void>;

const byMouse = (title: string, body: Body, setting: Setting = {}): void =>
  inBrowser(`by mouse: ${title}`, (explorer) => body(explorer, mouse(explorer.page)), setting);

/** The same test with the mouse and with a finger. */
const byHand = (title: string, body: Body, setting: Setting = {}): void => {
  byMouse(title, body, setting);
  const withFinger = async (explorer: Explorer): Promise<void> => body(explorer, await finger(explorer.page));
  inBrowser(`by finger: ${title}`, withFinger, { ...setting, hasTouch: true });
};

byHand('a marble goes to the right, and the rows are told anew', async (explorer, pointer) => {
  await dragTo(pointer, explorer.marble('from prog: EOF'), explorer.marble('from peer: data y'));
  assert.is(await explorer.row('from prog'), 'from prog: a@2 |@6');
  const { told } = await explorer.agrees(FIRST);
  assert.equal(told[0]?.rows[0]?.marks, [
    { frame: 2, symbol: 'a' },
    { frame: 6, symbol: '|' },
  ]);
});

byMouse('a marble goes to the left', async (explorer, pointer) => {
  await dragTo(pointer, explorer.marble('from peer: FIN'), explorer.marble('from peer: data y'));
  assert.is(await explorer.row('from peer'), 'from peer: x@1 y@6 |@6');
  await explorer.agrees(FIRST);
});

byMouse('nothing comes before the beginning', async (explorer, pointer) => {
  await dragBy(pointer, explorer.marble('from prog: data a'), -400);
  assert.is(await explorer.row('from prog'), 'from prog: a@0 |@4');
  await explorer.agrees(FIRST);
});

byHand('a marble overtakes another, and stays in the hand', async (explorer, pointer) => {
  await dragTo(pointer, explorer.marble('from peer: data x'), explorer.marble('prog exit: exit with code 0'));
  assert.is(await explorer.row('from peer'), 'from peer: y@6 x@10 |@10');
  await explorer.agrees(FIRST);
});

byMouse('a marble goes over another and back in one drag, and nothing else has moved', async (explorer, pointer) => {
  const { x, y } = await middleOf(explorer.marble('from peer: data x'));
  const far = (await middleOf(explorer.marble('from peer: FIN'))).x;
  await pointer.down(x, y);
  for (const to of [x + 20, x + 60, far - 4, far, x + 60, x + 10, x]) await pointer.move(to, y);
  await pointer.up();
  assert.is(await explorer.row('from peer'), 'from peer: x@1 y@6 |@10');
  await explorer.agrees(FIRST);
});

byHand('nothing comes after the end of a row, and the end before nothing', async (explorer, pointer) => {
  await dragBy(pointer, explorer.marble('from peer: data y'), 600);
  assert.is(await explorer.row('from peer'), 'from peer: x@1 y@10 |@10');
  await dragBy(pointer, explorer.marble('from peer: FIN'), -600);
  assert.is(await explorer.row('from peer'), 'from peer: x@1 y@10 |@10');
  await explorer.agrees(FIRST);
});

byMouse('behind the last marble a step is as wide as a marble', async (explorer, pointer) => {
  await dragBy(pointer, explorer.marble('prog exit: exit with code 0'), 3 * PITCH);
  assert.is(await explorer.row('prog exit'), 'prog exit: 0@14');
  await explorer.agrees(FIRST);
});

byHand(
  'a silence of seconds is crossed in one go',
  async (explorer, pointer) => {
    await dragTo(pointer, explorer.marble('from prog: data a'), explorer.marble('from prog: data b'));
    assert.is(await explorer.row('from prog'), 'from prog: a@20005 b@20005 |@20006');
    await explorer.agrees(diagram('a-grandchild-keeps-stdout-open'));
    await dragTo(pointer, explorer.marble('from prog: data a'), explorer.marble('prog exit: exit with code 0'));
    assert.is(await explorer.row('from prog'), 'from prog: a@3 b@20005 |@20006');
    await explorer.agrees(diagram('a-grandchild-keeps-stdout-open'));
  },
  { fragment: 'diagram=a-grandchild-keeps-stdout-open' },
);

byMouse('what is dragged is what keys move then', async (explorer, pointer) => {
  await dragTo(pointer, explorer.marble('from prog: EOF'), explorer.marble('from peer: data y'));
  await explorer.page.keyboard.press('ArrowRight');
  assert.is(await explorer.row('from prog'), 'from prog: a@2 |@7');
});

byHand(
  'on a phone a marble that is dragged does not take the page along',
  async (explorer, pointer) => {
    const marble = explorer.marble('from prog: data a');
    await marble.scrollIntoViewIfNeeded();
    const before = await explorer.page.evaluate(() => scrollY);
    const { x, y } = await middleOf(marble);
    await pointer.down(x, y);
    for (const by of [10, 20, 40, 60]) await pointer.move(x + by, y - 2 * by);
    await pointer.up();
    assert.is(await explorer.page.evaluate(() => scrollY), before);
    assert.is.not(await explorer.row('from prog'), 'from prog: a@2 |@4');
    await explorer.agrees(FIRST);
  },
  { viewport: { width: 360, height: 640 } },
);

test.run();
