import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inBrowser, PAGE } from './support/browser.ts';
import { diagram } from '../src/explorer/support/diagrams.ts';

const folder = mkdtempSync(join(tmpdir(), 'marble-tls-explorer-load-'));
test.after(() => rmSync(folder, { recursive: true }));

const html = readFileSync(fileURLToPath(PAGE), 'utf8');
const contentsOf = (tag: 'script' | 'style'): readonly string[] =>
  [...html.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))].map(([, text = '']) => text);
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

test('the page is below 250 KB when it is compressed', () => {
  assert.ok(gzipSync(html).length < 250_000, String(gzipSync(html).length));
});

test('its policy allows its own script, its own style and pictures in itself, and nothing else', () => {
  const [, policy = ''] = /<meta http-equiv="Content-Security-Policy" content="(.*?)">/.exec(html) ?? [];
  const [script = '', ...scripts] = contentsOf('script');
  const [style = '', ...styles] = contentsOf('style');
  assert.equal([scripts, styles], [[], []]);
  assert.equal(policy.split('; ').sort(), [
    "base-uri 'none'",
    "default-src 'none'",
    "form-action 'none'",
    'img-src data:',
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
  ]);
});

test('the policy stands before everything that it has to rule', () => {
  assert.match(
    html,
    /^<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy"/,
  );
});

inBrowser('the page opens from disk and shows a scenario that is played', async (explorer) => {
  const first = diagram('prog-eof-becomes-fin');
  await explorer.page.getByRole('heading', { name: first.title }).waitFor();
  assert.equal(await explorer.given(), ['from peer: x@1 y@6 |@10', 'from prog: a@2 |@4', 'prog exit: 0@11']);
  await explorer.agrees(first);
});

inBrowser('the page keeps nothing in the browser', async (explorer) => {
  await explorer.marble('from prog: EOF').press('ArrowRight');
  await explorer.choice('Policy', '-N').check();
  const kept = await explorer.page.evaluate(async () => ({
    cookies: document.cookie,
    stored: [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length],
    named: window.name,
    workers: 'serviceWorker' in navigator && (await navigator.serviceWorker.getRegistrations().catch(() => [])).length,
  }));
  assert.equal(kept, { cookies: '', stored: [0, 0, 0], named: '', workers: 0 });
  await explorer.page.goto('about:blank');
  await explorer.open(PAGE, '');
  await explorer.agrees(diagram('prog-eof-becomes-fin'));
});

/** The page with one thing changed, as a file of its own. */
const altered = (name: string, from: string, to: string): string => {
  assert.is(html.split(from).length, 2, `${from} is not there, or not once`);
  const file = join(folder, name);
  writeFileSync(
    file,
    html.replace(from, () => to),
  );
  return pathToFileURL(file).href;
};

inBrowser(
  'a script of which one byte was changed does not run',
  async ({ page, faults }) => {
    await page.waitForLoadState('load');
    assert.is(await page.locator('main').count(), 0);
    assert.match(faults.splice(0).join(), /Executing inline script violates .*Content Security Policy/);
  },
  { address: altered('script.html', '<script>', '<script>;') },
);

inBrowser(
  'a style of which one byte was changed is not used',
  async ({ page, faults }) => {
    await page.waitForLoadState('load');
    assert.match(faults.splice(0).join(), /Applying inline style violates .*Content Security Policy/);
  },
  { address: altered('style.html', '<style>', '<style> ') },
);

test.run();
