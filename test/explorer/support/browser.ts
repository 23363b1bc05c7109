// The page as it was built, in a real browser. `npm test` builds it first; after a change of the page by hand:
//   node -e "import('./scripts/build/explorer.mjs').then((m) => m.buildExplorer())"
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CHROMIUM, launchChromium } from '../../../scripts/chromium.ts';
import { installed } from '../../support/live-skips.ts';
import { Explorer } from './explorer.ts';

/** How the page is opened. */
export interface Setting extends BrowserContextOptions {
  /** The address; the default is the page on this disk. */
  readonly address?: string;
  /** The fragment of the address, without `#`. */
  readonly fragment?: string;
}

/**
 * A test of the page, freshly opened. Whatever it tests, it fails when the browser complains of anything, or asks anybody for anything.
 *
 * Tests of a file that ask for the same kind of window have it one after the other: to open one takes longer than most tests. The page
 * keeps nothing from one opening to the next (see load.test.ts).
 */
export const inBrowser = (title: string, body: (explorer: Explorer) => Promise<void>, setting: Setting = {}): void => {
  if (!AVAILABLE) return;
  test(title, async () => {
    const { address = PAGE, fragment = '', ...options } = setting;
    const kind = JSON.stringify(options);
    const window = windows.get(kind) ?? (await open(options));
    const { page, faults } = window;
    windows.set(kind, window);
    try {
      await page.goto('about:blank');
      await page.emulateMedia({ media: null });
      await page.mouse.move(0, 0);
      const explorer = new Explorer(page, faults);
      await explorer.open(address, fragment);
      await body(explorer);
      assert.equal(faults, [], 'what the browser complained of');
      for (const other of page.context().pages()) if (other !== page) await other.close();
    } catch (error) {
      windows.delete(kind);
      await page.context().close();
      throw error;
    }
  });
};

/** The page, on this disk. `EXPLORER_PAGE` is another one, such as one that was broken to see these tests fail. */
export const PAGE = pathToFileURL(process.env['EXPLORER_PAGE'] ?? 'dist/explorer.html').href;

interface Window {
  readonly page: Page;
  /** What the browser complains of in any page of its context, and what these ask for besides themselves. */
  readonly faults: string[];
}

async function open(options: BrowserContextOptions): Promise<Window> {
  browser ??= launchChromium();
  const context = await (await browser).newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(DEADLINE);
  // tsx gives every function its name by a helper, also those that are sent to the page.
  await context.addInitScript('globalThis.__name = (named) => named');
  const faults = watched(context);
  return { page: await context.newPage(), faults };
}

function watched(context: BrowserContext): string[] {
  const faults: string[] = [];
  context.on('console', (message) => {
    // A violated Content-Security-Policy is an error on the console, too.
    if (['error', 'warning', 'assert'].includes(message.type())) faults.push(`${message.type()}: ${message.text()}`);
  });
  context.on('weberror', (error) => faults.push(`uncaught: ${error.error().message}`));
  context.on('request', (request) => {
    if (!isOwn(request.isNavigationRequest(), request.frame().parentFrame())) faults.push(`request: ${request.url()}`);
  });
  context.on('page', (page) => page.on('crash', () => faults.push('the page crashed')));
  return faults;
}

/** A page is asked for by us; it may ask for nothing. */
const isOwn = (isNavigation: boolean, parent: ReturnType<Page['mainFrame']> | null): boolean =>
  isNavigation && parent === null;

const windows = new Map<string, Window>();
let browser: Promise<Browser> | undefined;
test.after(async () => {
  await (await browser)?.close();
});

const AVAILABLE = installed(CHROMIUM, 'the explorer in a browser');
/** Milliseconds; generous, because a test machine may be busy with other suites. */
const DEADLINE = 15_000;
