import { inflateSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inBrowser } from './support/browser.ts';
import { diagram } from '../src/explorer/support/diagrams.ts';

const NAME = 'truncation-is-an-error-under-big-j';
const SCENARIO = diagram(NAME);

inBrowser(
  'on paper stand the title, all rows with their marbles, and the verdict of each policy, and nothing to press',
  async ({ page }) => {
    await page.emulateMedia({ media: 'print' });
    await page.locator('.paper svg').first().waitFor();
    const paper = await page.locator('body').innerText();
    assert.ok(paper.includes(SCENARIO.title), 'no title');
    const pictures = await page.locator('.paper svg').allTextContents();
    assert.is(pictures.length, 2);
    // The lines of a picture are broken where they must be.
    const words = (text: string): string => text.replaceAll(/\s+/g, '');
    assert.ok(words(pictures[0] ?? '').includes(words(SCENARIO.verdict)), pictures[0]);
    assert.match(pictures[0] ?? '', new RegExp(`exit ${SCENARIO.exit}`));
    for (const picture of pictures)
      for (const { label } of [...SCENARIO.given, ...SCENARIO.expected]) assert.ok(picture.includes(label), label);
    const controls = page.locator('button, input, select, textarea, summary').filter({ visible: true });
    assert.equal(await controls.allInnerTexts(), []);
    assert.is(await page.getByRole('region', { name: 'Rows of marbles' }).count(), 0);
  },
  { fragment: `diagram=${NAME}&versus=S&end=` },
);

inBrowser(
  'what is printed from a dark page is dark on light',
  async ({ page }) => {
    await page.emulateMedia({ media: 'print' });
    const brightness = await page.evaluate(() => {
      const { color, backgroundColor } = getComputedStyle(document.documentElement);
      const sum = (text: string): number =>
        (text.match(/[\d.]+/g) ?? []).slice(0, 3).reduce((all, each) => all + Number(each), 0);
      return { text: sum(color), ground: sum(backgroundColor) };
    });
    assert.ok(brightness.text < 200 && brightness.ground > 700, JSON.stringify(brightness));
  },
  { colorScheme: 'dark' },
);

inBrowser('the pictures are on the paper when the browser prints, and gone afterwards', async ({ page }) => {
  assert.is(await page.locator('.paper').count(), 0);
  const printed = curvesIn(await page.pdf());
  await page.locator('.paper').waitFor({ state: 'detached' });
  // The same without the pictures.
  await page.evaluate(() => document.styleSheets[0]?.insertRule('.paper { display: none !important }'));
  const without = curvesIn(await page.pdf());
  assert.ok(printed >= without + 4 * MARBLES, `${printed} curves with the pictures, ${without} without`);
});

/** How many curves a PDF of Chromium draws; letters are none, they are fonts. */
function curvesIn(pdf: Buffer): number {
  const streams = [...pdf.toString('latin1').matchAll(/\/Filter \/FlateDecode[^]*?stream\r?\n([^]*?)\r?\nendstream/g)];
  const drawn = streams.map(([, data = '']) => inflateSync(Buffer.from(data, 'latin1')).toString('latin1'));
  return drawn.join('\n').match(/ c$/gm)?.length ?? 0;
}

/** The round ones of prog-eof-becomes-fin: each is a circle of four curves at least. */
const MARBLES = 6;

test.run();
