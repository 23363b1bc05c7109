import type { Locator } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { resultOf, type ToldMark } from '../../src/explorer/model/result.ts';
import { inBrowser } from './support/browser.ts';
import { diagram } from '../src/explorer/support/diagrams.ts';
import type { Explorer } from './support/explorer.ts';

const NAME = 'fin-after-the-linger-comes-too-late';
const SCENARIO = diagram(NAME);
const { options, told } = resultOf(SCENARIO, SCENARIO.policy, 'TLSv1.3', false);
const MARBLES = told.flatMap(({ label, marks }) => marks.map((mark) => ({ label, mark })));

const why = ({ page }: Explorer): Locator => page.getByRole('complementary', { name: 'Why?' });

/** Waits until the reasons of a marble are told: the operator, its law, and the clause it rests on. */
async function saysWhy(explorer: Explorer, { meaning, time, reasons }: ToldMark): Promise<void> {
  assert.ok(reasons.length > 0);
  const text = await why(explorer).innerText();
  for (const part of [meaning, `at ${time} ms`, ...reasons.flatMap((each) => [each.operator, each.says, each.clause])])
    assert.ok(text.includes(part), `${part} is not told in: ${text}`);
}

for (const [how, look] of [
  ['pointed at', (marble: Locator) => marble.hover()],
  ['that has the focus', (marble: Locator) => marble.focus()],
] as const) {
  inBrowser(
    `a marble ${how} tells its operator, the law and the clause`,
    async (explorer) => {
      for (const { label, mark } of MARBLES) {
        await look(explorer.told(`${label}, ${options}: ${mark.meaning}, at ${mark.time} ms`));
        await saysWhy(explorer, mark);
      }
    },
    { fragment: `diagram=${NAME}` },
  );
}

inBrowser('a marble that is given says that it can be moved', async (explorer) => {
  await explorer.marble('from peer: FIN').hover();
  assert.match(await why(explorer).innerText(), /FIN, from peer, at 10 ms[^]*drag it, or move it with the arrow keys/);
});

inBrowser(
  'what is told of a marble that has the focus is its description for assistive technology',
  async (explorer) => {
    const marble = explorer.told('to peer, -s: FIN, at 4 ms');
    await marble.focus();
    const described = await marble.evaluate(({ ariaDescribedByElements }) => ariaDescribedByElements?.[0]?.textContent);
    assert.match(described ?? '', /endBy/);
  },
);

inBrowser('arrows walk through the marbles of a row, and Tab comes to each row once', async (explorer) => {
  const { page } = explorer;
  const focused = () => page.evaluate(() => document.activeElement?.ariaLabel);
  await explorer.told('to prog, -s: data x, at 1 ms').focus();
  await page.keyboard.press('ArrowRight');
  assert.is(await focused(), 'to prog, -s: data y, at 6 ms');
  await page.keyboard.press('ArrowRight');
  assert.is(await focused(), 'to prog, -s: EOF, at 10 ms');
  await page.keyboard.press('ArrowRight');
  assert.is(await focused(), 'to prog, -s: EOF, at 10 ms');
  await page.keyboard.press('Tab');
  assert.is(await focused(), 'hang up, -s: TCP is let go of, at 10 ms');
  await page.keyboard.press('Shift+Tab');
  assert.is(await focused(), 'to prog, -s: EOF, at 10 ms');
  await page.keyboard.press('ArrowLeft');
  assert.is(await focused(), 'to prog, -s: data y, at 6 ms');
});

test.run();
