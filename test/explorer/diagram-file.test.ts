import * as fc from 'fast-check';
import type { Locator } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { differences } from '../../src/diagram/compare.ts';
import { playScenario } from '../../src/diagram/play.ts';
import { readScenario, type Scenario } from '../../src/diagram/scenario.ts';
import { seed } from '../src/explorer/support/seed.ts';
import { inBrowser } from './support/browser.ts';
import { diagram, DIAGRAMS } from '../src/explorer/support/diagrams.ts';
import type { Explorer } from './support/explorer.ts';

/** The file that is copied, read; it must hold what the graph does, as every file of diagrams/ does. */
async function copiedFile(explorer: Explorer): Promise<Scenario> {
  const scenario = readScenario(await explorer.copied('Copy as diagram file'));
  for (const protocol of scenario.protocols)
    assert.is(differences(scenario, playScenario(scenario, protocol)), undefined);
  return scenario;
}

inBrowser('what is copied as a diagram file is the scenario as it was written', async (explorer) => {
  const scenario = await copiedFile(explorer);
  const { title, clause, given, verdict } = diagram('prog-eof-becomes-fin');
  assert.equal(
    { title: scenario.title, clause: scenario.clause, verdict: scenario.verdict },
    { title, clause, verdict },
  );
  const marksOf = (rows: Scenario['given']) => rows.map(({ label, marks }) => ({ label, marks }));
  assert.equal(marksOf(scenario.given), marksOf(given));
});

inBrowser('a scenario that was changed no longer has the title and the clause of the file', async (explorer) => {
  await explorer.marble('from prog: EOF').press('ArrowRight');
  await explorer.choice('Policy', '-N').check();
  const scenario = await copiedFile(explorer);
  assert.is(scenario.title, `Made in the explorer from: ${diagram('prog-eof-becomes-fin').title}`);
  assert.is(scenario.policy, 'N');
  assert.is(await explorer.row('from prog'), 'from prog: a@2 |@5');
});

inBrowser('a connection that stays open is no diagram, which the page says', async (explorer) => {
  await explorer.marble('prog exit: exit with code 0').press('Delete');
  assert.match(await refusal(explorer), /^The connection does not end, and a diagram needs a verdict/);
});

inBrowser(
  'whatever is done to a scenario, the tests of diagrams accept the file of it, or the page says why there is none',
  async (explorer) => {
    const done = fc.sample(fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), { seed, numRuns: 10 });
    let files = 0;
    for (const [which = 0, ...acts] of done) {
      await explorer.choose([...DIAGRAMS.keys()][which % DIAGRAMS.size] ?? '');
      for (const act of acts) await ACTS[act % ACTS.length]?.(explorer, act);
      const closed = /; exit \d+$/.test((await explorer.read()).told[0]?.verdict ?? '');
      const given = (await explorer.given()).some((row) => !row.endsWith(':'));
      if (await isRefused(explorer)) {
        // What happens otherwise when somebody else listens first can be no diagram either, although it ends.
        const why = closed && given ? /^Too much happens in the same moment/ : /, and a diagram needs /;
        assert.match(await refusal(explorer), why);
      } else {
        assert.ok(closed && given, 'a file of what does not end');
        await copiedFile(explorer);
        files += 1;
      }
    }
    assert.ok(files > 0, 'there was no file');
  },
);

/** What can be done to a scenario, each with a number that says to what. */
const ACTS: readonly ((explorer: Explorer, number: number) => Promise<unknown>)[] = [
  ({ page }, number) => pressOn(page.getByRole('slider'), number),
  ({ page }, number) => pressOn(page.getByRole('slider'), number),
  ({ page }, number) => chooseFrom(page.getByRole('combobox', { name: /^Add to/ }), number),
  ({ page }, number) => chooseFrom(page.getByRole('combobox', { name: 'Add a row' }), number),
  ({ page }, number) => chooseFrom(page.getByRole('combobox', { name: 'is', exact: true }), number),
  (explorer, number) => explorer.choice('Policy', ['-s', '-S', '-N'][number % 3] ?? '').check(),
  ({ page }, number) => page.getByRole('checkbox', { name: /^-J/ }).setChecked(number % 2 === 0),
];

async function pressOn(marbles: Locator, number: number): Promise<void> {
  const count = await marbles.count();
  if (count > 0) await marbles.nth(number % count).press(KEYS[number % KEYS.length] ?? 'Home');
}

/** The first entry of a menu stands for none. */
async function chooseFrom(menus: Locator, number: number): Promise<void> {
  const count = await menus.count();
  if (count === 0) return;
  const menu = menus.nth(number % count);
  const options = await menu.locator('option').count();
  if (options > 1 && (await menu.isEnabled())) await menu.selectOption({ index: 1 + (number % (options - 1)) });
}

/** Whether the page says why there is no file, instead of showing one. */
async function isRefused({ page }: Explorer): Promise<boolean> {
  await page.getByRole('button', { name: 'Copy as diagram file' }).click();
  const dialog = page.getByRole('dialog');
  const file = dialog.getByRole('textbox');
  await file.or(dialog.getByText(/^(The connection|Nothing|Too much)/)).waitFor();
  const shown = await file.count();
  await dialog.getByRole('button', { name: 'Close' }).click();
  return shown === 0;
}

/** Why there is no file. */
async function refusal({ page }: Explorer): Promise<string> {
  await page.getByRole('button', { name: 'Copy as diagram file' }).click();
  const dialog = page.getByRole('dialog');
  const says = await dialog.innerText();
  assert.is(await dialog.getByRole('textbox').count(), 0);
  await dialog.getByRole('button', { name: 'Close' }).click();
  return says;
}

const KEYS = ['ArrowRight', 'ArrowLeft', 'Shift+ArrowRight', 'PageUp', 'Home', 'Delete'];

test.run();
