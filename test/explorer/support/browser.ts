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
 * A test of the page in a window of its own, already opened. Whatever it tests, it fails when the browser complains of anything, or asks
 * anybody for anything.
 */
export const inBrowser = (title: string, body: (explorer: Explorer) => Promise<void>, setting: Setting = {}): void => {
  if (!AVAILABLE) return;
  test(title, async () => {
    const { address = PAGE, fragment = '', ...options } = setting;
    browser ??= launchChromium();
    const context = await (await browser).newContext({ viewport: { width: 1280, height: 900 }, ...options });
    try {
      const faults = watched(context);
      const explorer = new Explorer(await context.newPage(), faults);
      await explorer.open(address, fragment);
      await body(explorer);
      assert.equal(faults, [], 'what the browser complained of');
    } finally {
      await context.close();
    }
  });
};

/** The page, on this disk. `EXPLORER_PAGE` is another one, such as one that was broken to see these tests fail. */
export const PAGE = pathToFileURL(process.env['EXPLORER_PAGE'] ?? 'dist/explorer.html').href;

/** What the browser complains of in any page of a context, and what these ask for besides themselves. */
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
  context.setDefaultTimeout(DEADLINE);
  return faults;
}

/** A page is asked for by us; it may ask for nothing. */
const isOwn = (isNavigation: boolean, parent: ReturnType<Page['mainFrame']> | null): boolean =>
  isNavigation && parent === null;

let browser: Promise<Browser> | undefined;
test.after(async () => {
  await (await browser)?.close();
});

const AVAILABLE = installed(CHROMIUM, 'the explorer in a browser');
/** Milliseconds; generous, because a test machine may be busy with other suites. */
const DEADLINE = 15_000;
