import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { tourTexts } from '../../scripts/build/tour.mjs';
import { inBrowser } from './support/browser.ts';
import { dragTo, mouse } from './support/drag.ts';
import type { Explorer } from './support/explorer.ts';

const TEXTS = tourTexts(readFileSync('docs/closing.md', 'utf8'));

/** For each step the marble that answers its question, and keys that move it there. */
const ANSWERS: readonly (readonly [marble: string, ...keys: readonly string[]])[] = [
  ['from prog: EOF', 'Shift+ArrowRight'],
  ['from peer: FIN', 'Shift+ArrowRight'],
  ['from peer: data y', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft'],
  ['from peer: FIN', 'Shift+ArrowRight'],
  ['prog exit: exit with code 0', 'Shift+ArrowLeft'],
  ['from peer: close_notify', 'Shift+ArrowRight'],
  ['from peer: fault: reset', 'Shift+ArrowRight'],
  ['from peer: FIN', 'PageDown'],
];

const isAnswered = async ({ page }: Explorer): Promise<boolean> => {
  const says = await page
    .getByRole('status')
    .filter({ hasText: /^(That is it|Not yet)/ })
    .innerText();
  return says.startsWith('That is it');
};

inBrowser('the tour is walked with the keyboard: each question is answered by moving a marble', async (explorer) => {
  const { page } = explorer;
  await explorer.button('Take the tour').press('Enter');
  for (const [i, [marble, ...keys]] of ANSWERS.entries()) {
    const heading = TEXTS[i]?.heading ?? '';
    await page.getByRole('heading', { name: heading, exact: true }).waitFor();
    assert.is(await isAnswered(explorer), false, `${heading}: answered before anything was moved`);
    await explorer.marble(marble).focus();
    for (const key of keys) await page.keyboard.press(key);
    assert.is(await isAnswered(explorer), true, heading);
    if (i < ANSWERS.length - 1) await page.getByRole('button', { name: /^Next: / }).press('Enter');
  }
  assert.is(await page.getByRole('button', { name: /^Next: / }).count(), 0);
  await explorer.button('Leave the tour').press('Enter');
  await explorer.button('Take the tour').waitFor();
});

inBrowser(
  'a question is answered by dragging, and asked again when the marble goes back',
  async (explorer) => {
    const eof = explorer.marble('from prog: EOF');
    await dragTo(mouse(explorer.page), eof, explorer.page.getByRole('slider').last());
    await eof.press('Shift+ArrowRight');
    assert.is(await isAnswered(explorer), true);
    await eof.press('Home');
    assert.is(await isAnswered(explorer), false);
  },
  { fragment: 'diagram=prog-eof-and-not-its-exit-becomes-fin&step=1&end=' },
);

inBrowser('what the tour tells is docs/closing.md, step by step', async (explorer) => {
  await explorer.button('Take the tour').click();
  for (const [i, { heading }] of TEXTS.entries()) {
    await explorer.button(`${i + 1}: ${heading}`).click();
    assert.is(await explorer.page.locator('[aria-current=step]').innerText(), String(i + 1));
    const told = await explorer.page.getByRole('region', { name: heading }).innerText();
    const written = readFileSync('docs/closing.md', 'utf8').split(`## ${heading}\n`)[1]?.trim() ?? '';
    // Up to the first word that Markdown marks up.
    const beginning = /^[^`*[_\n]+/.exec(written)?.[0].trim() ?? 'nothing';
    assert.ok(told.includes(beginning), `${heading}: ${beginning}`);
  }
});

inBrowser('the answer can be shown without moving anything', async (explorer) => {
  await explorer.button('Take the tour').click();
  const region = explorer.page.getByRole('region', { name: 'The question of this step' });
  const before = (await region.innerText()).length;
  await region.getByText('Show the answer').click();
  assert.ok((await region.innerText()).length > before + 40);
  assert.is(await isAnswered(explorer), false);
});

test.run();
