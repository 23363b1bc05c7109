import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { called } from './support/called.ts';

const docs = new URL('../../../docs/', import.meta.url);
const file = new URL('inspecting.md', docs);
const page = readFileSync(file, 'utf8');
const CONSOLE = /^```console\n\$ marble-tls (.*)\n[^]*?^```$/gm;
/** Writes what the commands print into the page, instead of comparing. */
const update = process.argv.includes('--update');

process.chdir(fileURLToPath(docs));

let updated = page;
for (const [block, words = ''] of page.matchAll(CONSOLE)) {
  test(`docs/inspecting.md: marble-tls ${words} prints what the page says`, async () => {
    const { stdout, stderr } = await called(words.split(' '));
    const printed = `\`\`\`console\n$ marble-tls ${words}\n${stdout}${stderr}\`\`\``;
    updated = updated.replace(block, () => printed);
    if (!update) assert.fixture(block, printed);
  });
}
test.after(() => {
  if (update) writeFileSync(file, updated);
});

test('docs/inspecting.md shows every command', () => {
  assert.equal(
    [...page.matchAll(CONSOLE)].map(([, words = '']) => words.split(' ')[0]),
    ['render', 'render', 'explain', 'spec', 'diff'],
  );
});

test.run();
