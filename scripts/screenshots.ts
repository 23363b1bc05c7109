// Takes the pictures of the explorer in docs/explorer/, of the page as it was built: three widths, light and dark.
import { mkdirSync, writeFileSync } from 'node:fs';
import { launchChromium } from './chromium.ts';
import { withPalette } from './screenshots/png.ts';
import { fingerprint, SCREENSHOTS, showForPictures } from './screenshots/shown.ts';

const folder = new URL('../docs/explorer/', import.meta.url);
const address = new URL('../dist/explorer.html', import.meta.url).href;
mkdirSync(folder, { recursive: true });

const browser = await launchChromium();
try {
  const shown = new Set<string>();
  for (const { name, width, height, colorScheme } of SCREENSHOTS) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme });
    const page = await context.newPage();
    await showForPictures(page, address);
    shown.add(await fingerprint(page));
    const picture = await page.screenshot({ fullPage: true, animations: 'disabled' });
    writeFileSync(new URL(`${name}.png`, folder), withPalette(picture));
    await context.close();
  }
  writeFileSync(new URL('made-from.txt', folder), `${[...shown].join('\n')}\n`);
} finally {
  await browser.close();
}
