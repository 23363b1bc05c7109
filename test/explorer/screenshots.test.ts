import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sizeOf, withPalette } from '../../scripts/screenshots/png.ts';
import { fingerprint, SCREENSHOTS, showForPictures } from '../../scripts/screenshots/shown.ts';
import { inBrowser, PAGE } from './support/browser.ts';

const picture = (name: string): Buffer => readFileSync(`docs/explorer/${name}.png`);

for (const { name, width, height } of SCREENSHOTS) {
  test(`docs/explorer/${name}.png shows the whole page at ${width} pixels, in no more than 120 KB`, () => {
    const [wide, tall] = sizeOf(picture(name));
    assert.is(wide, width);
    assert.ok(tall >= height, String(tall));
    assert.ok(picture(name).length < 120_000, String(picture(name).length));
  });
}

inBrowser('the pictures in docs/explorer/ were taken of the page that is here now', async ({ page }) => {
  const madeFrom = readFileSync('docs/explorer/made-from.txt', 'utf8').trim();
  await showForPictures(page, PAGE);
  assert.is(await fingerprint(page), madeFrom, 'they are stale: npm run screenshots');
});

inBrowser('a picture of few colours looks as the one that was taken', async ({ page }) => {
  const taken = await page.screenshot();
  const pictures = [taken, withPalette(taken)].map((png) => png.toString('base64'));
  const furthest = await page.evaluate(async ([one = '', other = '']) => {
    const pixelsOf = async (base64: string): Promise<Uint8ClampedArray> => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      if (context === null) throw new Error('no canvas');
      context.drawImage(bitmap, 0, 0);
      return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
    };
    const [before, after] = [await pixelsOf(one), await pixelsOf(other)];
    if (before.length !== after.length) throw new Error('not of the same size');
    return before.reduce((most, part, i) => Math.max(most, Math.abs(part - (after[i] ?? 0))), 0);
  }, pictures);
  assert.ok(furthest > 0 && furthest < 32, `some colour is ${furthest} of 255 away`);
});

test.run();
