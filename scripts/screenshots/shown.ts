import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';

/** A picture of the explorer. */
export interface Screenshot {
  /** Of its file in docs/explorer/, without `.png`. */
  readonly name: string;
  /** Of the window, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
}

const WINDOWS = { phone: [360, 740], tablet: [820, 1180], desktop: [1280, 800] } as const;

/** What is taken: the whole page at three widths, light and dark. */
export const SCREENSHOTS: readonly Screenshot[] = Object.entries(WINDOWS).flatMap(([device, [width, height]]) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ name: `${device}-${colorScheme}`, width, height, colorScheme })),
);

/** Lets the page show what all pictures show: a scenario under two policies, and why one of them closes the stdin of prog. */
export async function showForPictures(page: Page, address: string): Promise<void> {
  await page.goto(`${address}#diagram=prog-eof-becomes-fin&versus=S&end=`);
  await page.getByRole('button', { name: 'to prog, -S: EOF, at 4 ms', exact: true }).focus();
}

/**
 * A hash of all that decides how the pictures look, but for the browser and its fonts: the elements of the page and their style. When it
 * is another than that of the pictures, these are of a page that is no more.
 */
export async function fingerprint(page: Page): Promise<string> {
  const hash = createHash('sha256');
  for (const selector of ['style', 'header', 'main', 'footer'])
    hash.update(await page.locator(`${selector} >> nth=0`).innerHTML());
  return hash.digest('hex');
}
