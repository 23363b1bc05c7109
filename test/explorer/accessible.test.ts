import { readFileSync } from 'node:fs';
import type axe from 'axe-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inBrowser, type Setting } from './support/browser.ts';
import type { Explorer } from './support/explorer.ts';

const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

/** Everything that axe-core finds wrong, as lines. */
async function violations({ page }: Explorer): Promise<readonly string[]> {
  // What the browser's debugger evaluates is not subject to the policy of the page.
  await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations', 'passes'] } as axe.RunOptions),
  );
  assert.ok(passes.length > 20, 'axe-core has looked at nothing');
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html} ${failureSummary ?? ''}`),
  );
}

const STATES: Readonly<Record<string, (explorer: Explorer) => Promise<void>>> = {
  'as it opens': async () => undefined,
  'comparing, with all rows, a marble chosen and a reason told': async (explorer) => {
    await explorer.choice('Compare with', '-S').check();
    await explorer.showAllRows();
    await explorer.marble('from peer: data y').click();
    await explorer.told('to peer, -s: FIN, at 4 ms').hover();
    await explorer.page.getByText('What the marbles mean').click();
  },
  'in the tour': (explorer) => explorer.button('Take the tour').click(),
  'with the dialog open': (explorer) => explorer.button('Copy permalink').click(),
};

const SETTINGS: Readonly<Record<string, Setting>> = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  'light, as wide as a phone': { colorScheme: 'light', viewport: { width: 360, height: 740 } },
};

for (const [how, setting] of Object.entries(SETTINGS)) {
  inBrowser(
    `axe-core finds nothing wrong with the page, ${how}`,
    async (explorer) => {
      for (const [state, come] of Object.entries(STATES)) {
        await explorer.page.reload();
        await come(explorer);
        assert.equal(await violations(explorer), [], state);
      }
    },
    setting,
  );
}

inBrowser('axe-core sees what is wrong in this page, too', async (explorer) => {
  await explorer.page.evaluate(() => document.querySelector('label')?.replaceWith(document.createElement('select')));
  assert.match((await violations(explorer)).join('\n'), /select-name/);
});

test.run();
