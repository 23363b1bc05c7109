import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inBrowser, type Setting } from './support/browser.ts';
import { dragBy, mouse } from './support/drag.ts';
import type { Explorer } from './support/explorer.ts';

const SETTINGS: Readonly<Record<string, Setting>> = {
  'on a desktop': {},
  'as wide as a phone': { viewport: { width: 360, height: 740 } },
};

type Acts = Readonly<Record<string, (explorer: Explorer) => Promise<void>>>;

/** What people do, in an order; nothing of it may move anything but marbles. */
const ACTS: Acts = {
  'pointing at every marble': async ({ page }) => {
    for (const marble of await page.locator('.marble').all()) await marble.hover();
  },
  'going to every marble by key': async ({ page }) => {
    for (const marble of await page.locator('.marble').all()) await marble.focus();
  },
  dragging: (explorer) => dragBy(mouse(explorer.page), explorer.marble('from prog: EOF'), 60),
  'moving by key': async ({ page }) => {
    for (const key of ['ArrowRight', 'Shift+ArrowLeft', 'PageUp']) await page.keyboard.press(key);
  },
};

/** Choices that change the words of the rule, which are longer or shorter: what stands below these may move. */
const CHOICES: Acts = {
  'another policy': (explorer) => explorer.choice('Policy', '-N').check(),
  'another protocol': (explorer) => explorer.choice('Protocol', '1.2').check(),
  '-J': ({ page }) => page.getByRole('checkbox', { name: /^-J/ }).check(),
};

/** Where things are that people look at or want to press next, in pixels from the left and the top of the page. */
const placesOf = ({ page }: Explorer): Promise<Readonly<Record<string, readonly number[]>>> =>
  page.evaluate(() => {
    const names = {
      heading: 'h1',
      options: 'form[aria-label="Scenario and options"]',
      board: '[aria-label="Rows of marbles"]',
      'first row told': '#told-0',
      why: '.why',
      Remove: 'form[aria-label="Change what happens"] button',
      'Add a row': 'select[aria-label="Add a row"]',
      verdicts: '.outcomes',
    };
    return Object.fromEntries(
      Object.entries(names).map(([name, selector]) => {
        const element = document.querySelector(selector);
        if (element === null) throw new Error(`there is no ${selector}`);
        const { left, top } = element.getBoundingClientRect();
        return [name, [Math.round(left), Math.round(top + scrollY)]];
      }),
    );
  });

/** The shifts that the browser has seen from the beginning on, without those that a key or a click excuses. */
const layoutShift = ({ page }: Explorer): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const { value, hadRecentInput } of list.getEntries() as Shift[]) if (!hadRecentInput) sum += value;
        }).observe({ type: 'layout-shift', buffered: true });
        // What has been painted is told by the frame after the next.
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(sum))));
        type Shift = PerformanceEntry & { readonly value: number; readonly hadRecentInput: boolean };
      }),
  );

for (const [where, setting] of Object.entries(SETTINGS)) {
  inBrowser(
    `nothing moves but marbles, while the page opens, is looked at and used, ${where}`,
    async (explorer) => {
      assert.is(await layoutShift(explorer), 0, 'while it opened');
      const places = await placesOf(explorer);
      for (const [act, body] of Object.entries(ACTS)) {
        await body(explorer);
        assert.equal(await placesOf(explorer), places, act);
      }
      for (const [act, body] of Object.entries(CHOICES)) {
        await body(explorer);
        const now = await placesOf(explorer);
        for (const name of ABOVE) assert.equal(now[name], places[name], `${act}: ${name}`);
      }
      assert.ok((await layoutShift(explorer)) < 0.01, String(await layoutShift(explorer)));
    },
    setting,
  );
}

const ABOVE = ['heading', 'options', 'board', 'first row told', 'verdicts'];

test.run();
