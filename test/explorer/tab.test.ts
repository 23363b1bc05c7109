import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inBrowser, type Setting } from './support/browser.ts';
import { diagram } from '../src/explorer/support/diagrams.ts';
import type { Explorer } from './support/explorer.ts';

/** What has the focus, as people would tell it, and whether they can see that it has. */
interface Stop {
  readonly name: string;
  readonly seen: boolean;
}

/** Presses Tab until the focus has gone around. */
async function tabAround({ page }: Explorer): Promise<readonly Stop[]> {
  const stops: Stop[] = [];
  for (let i = 0; i < MOST_STOPS; i += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element === document.body) return undefined;
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const outlined = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && !/, 0\)$/.test(outlineColor);
      const inside = left < innerWidth && right > 0 && top < innerHeight && bottom > 0;
      const middle = [
        (Math.max(left, 0) + Math.min(right, innerWidth)) / 2,
        (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2,
      ] as const;
      const there = document.elementFromPoint(...middle);
      const uncovered = there !== null && (element.contains(there) || there.contains(element));
      return {
        name: element.ariaLabel ?? element.closest('label')?.innerText ?? element.innerText,
        seen: outlined && inside && uncovered,
      };
    });
    if (stop === undefined) return stops;
    stops.push(stop);
  }
  throw new Error(`the focus does not come around in ${MOST_STOPS} steps`);
}

const SETTINGS: Readonly<Record<string, Setting>> = {
  'on a desktop': {},
  'as wide as a phone': { viewport: { width: 360, height: 740 } },
};

for (const [where, setting] of Object.entries(SETTINGS)) {
  inBrowser(
    `Tab reaches all there is, once, is always to be seen, and comes around, ${where}`,
    async (explorer) => {
      await explorer.choice('Compare with', '-S').check();
      await explorer.marble('from peer: data x').click();
      await explorer.page.getByRole('heading', { level: 1 }).click();
      const stops = await tabAround(explorer);
      assert.equal(
        stops.filter(({ seen }) => !seen).map(({ name }) => name),
        [],
        'had the focus and was not to be seen',
      );
      // One of each set of radio buttons, and one marble of each row that was told, as is the custom.
      const expected = await explorer.page.evaluate(
        () =>
          [...document.querySelectorAll<HTMLElement>('button, select, input, summary, [tabindex="0"]')].filter(
            (element) =>
              element.tabIndex >= 0 &&
              element.checkVisibility() &&
              !element.matches(':disabled') &&
              !(element instanceof HTMLInputElement && element.type === 'radio' && !element.checked),
          ).length,
      );
      // Chromium stops at what scrolls, too: the board, when it is wider than the window.
      const extra = stops.filter(({ name }) => name === 'Rows of marbles').length;
      assert.is(stops.length - extra, expected);
      for (const label of ['Take the tour', 'Copy permalink', 'from peer: data x', 'prog exit: exit with code 0'])
        assert.is(stops.filter(({ name }) => name === label).length, 1, label);
    },
    setting,
  );
}

inBrowser('the page can be used with the keyboard alone', async (explorer) => {
  const { page } = explorer;
  const { keyboard } = page;
  /** Goes on to something by Tab, as somebody does who looks for it. */
  const tabTo = async (name: string): Promise<void> => {
    for (let i = 0; i < MOST_STOPS; i += 1) {
      await keyboard.press('Tab');
      const found = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement | null;
        return element?.ariaLabel ?? element?.closest('label')?.innerText.split('\n', 1).join() ?? element?.innerText;
      });
      if (found === name) return;
    }
    throw new Error(`Tab does not come to ${name}`);
  };
  await tabTo('-s');
  await keyboard.press('ArrowRight');
  assert.is(await explorer.choice('Policy', '-S').isChecked(), true);
  await tabTo('none');
  await keyboard.press('ArrowLeft');
  assert.is(await explorer.choice('Compare with', '-N').isChecked(), true);
  await tabTo('-J');
  await keyboard.press('Space');
  await tabTo('from peer: FIN');
  await keyboard.press('ArrowLeft');
  assert.is(await explorer.row('from peer'), 'from peer: x@1 y@6 |@9');
  // Tab would come to other marbles on its way, which would be chosen then.
  await keyboard.press('Enter');
  await keyboard.press('ArrowUp');
  assert.is(await explorer.row('from peer'), 'from peer: x@1 y@6 N@9');
  await explorer.agrees({ ...diagram('prog-eof-becomes-fin'), policy: 'S', requireCloseNotify: true }, 'TLSv1.3', 'N');
  await tabTo('Copy permalink');
  await keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  assert.is(await page.evaluate(() => document.activeElement?.textContent), 'Copy permalink');
});

inBrowser('the focus stays somewhere whatever is taken away by what has it', async (explorer) => {
  const { page } = explorer;
  const lost = (): Promise<boolean> => page.evaluate(() => document.activeElement === document.body);
  const presses = async (name: string): Promise<void> => {
    await explorer.button(name).press('Enter');
    assert.is(await lost(), false, name);
  };
  await explorer.marble('prog exit: exit with code 0').focus();
  await presses('Remove');
  await presses('Take the row prog exit away');
  await presses('Take the tour');
  await presses('2: What does a FIN say?');
  for (let step = 2; step < 8; step += 1) {
    await page.getByRole('button', { name: /^Next: / }).press('Enter');
    assert.is(await lost(), false, `Next, step ${step}`);
  }
  for (let step = 8; step > 1; step -= 1) {
    await presses('Back');
  }
  await presses('Leave the tour');
});

const MOST_STOPS = 120;

test.run();
