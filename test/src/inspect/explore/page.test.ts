import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pageFile, readPage } from '../../../../src/inspect/explore/page.ts';
import { Trouble } from '../../../../src/inspect/trouble.ts';
import { tag } from '../../../../src/picture/markup.ts';

const folder = mkdtempSync(join(tmpdir(), 'marble-tls-page-'));
test.after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'explorer.html');
const read = (...lines: readonly string[]) => {
  writeFileSync(file, lines.join('\n'));
  return readPage(file);
};
const refuses = (action: () => unknown, message: string): void =>
  assert.throws(action, (error: unknown) => error instanceof Trouble && error.message === message);

const POLICY = "default-src 'none'; script-src 'sha256-Zm9v+/8='; style-src 'unsafe-inline'";
const meta = (content: string): string => `<meta http-equiv="Content-Security-Policy" content="${content}">`;

test('run from its sources, the program finds the page in dist/', () => {
  assert.is(pageFile(), fileURLToPath(new URL('../../../../dist/explorer.html', import.meta.url)));
});

test('the page is given as it is, byte for byte', () => {
  const html = `<!doctype html>${meta(POLICY)}\r\nü\0`;
  assert.equal(read(html).html, Buffer.from(html));
});

test('the policy of the page is read, escaped or not', () => {
  assert.is(read('<!doctype html>', meta(POLICY)).policy, POLICY);
  const escaped = tag('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY });
  assert.match(escaped, /&#39;none&#39;/);
  assert.is(read('<!doctype html>', escaped).policy, POLICY);
});

test('a policy further down, in the content of the page, is not its own', () => {
  assert.is(read(meta(POLICY), meta('default-src *')).policy, POLICY);
});

for (const [what, html] of [
  ['no policy', '<!doctype html>'],
  ['an empty one', meta('')],
  ['one that cannot stand in a header', meta("default-src 'none'&#13;&#10;X: y")],
  ['one of several lines', meta('default-src\n*')],
  ['one with an entity that we do not know', meta('default-src &apos;none&apos;')],
] as const) {
  test(`a page with ${what} is not served`, () => {
    refuses(() => read(html), `${file}: sets no Content-Security-Policy; make the page anew: npm run build`);
  });
}

test('when the page cannot be read, the message says why, and how to make it', () => {
  const missing = join(folder, 'missing');
  refuses(
    () => readPage(missing),
    `unable to read ${missing}: no such file or directory; make the page: npm run build`,
  );
  refuses(
    () => readPage(folder),
    `unable to read ${folder}: illegal operation on a directory; make the page: npm run build`,
  );
});

test.run();
