import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inBrowser } from './support/browser.ts';

// What the other tests rely on: whatever a page does wrong is seen, though nobody looks for it.

const folder = mkdtempSync(join(tmpdir(), 'marble-tls-explorer-harness-'));
test.after(() => rmSync(folder, { recursive: true }));

const noticed = (title: string, html: string, fault: RegExp): void => {
  const file = join(folder, `${title.replaceAll(' ', '-')}.html`);
  writeFileSync(file, `<!doctype html><title>wrong</title>${html}`);
  const body = async ({ page, faults }: Parameters<Parameters<typeof inBrowser>[1]>[0]): Promise<void> => {
    // The browser tells of things in their order: what came before this has been told.
    await Promise.all([page.waitForEvent('console', (message) => message.text() === 'done'), page.reload()]);
    assert.ok(faults.length > 0, 'nothing was seen');
    assert.match(faults.splice(0).join('\n'), fault);
  };
  inBrowser(`the tests notice ${title}`, body, { address: pathToFileURL(file).href });
};

const later = (script: string): string =>
  `<script>${script}</script><script>setTimeout(() => console.log('done'))</script>`;
const FORBID = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'">`;

noticed('an error on the console', later(`console.error('oh')`), /error: oh/);
noticed('a warning on the console', later(`console.warn('hm')`), /warning: hm/);
noticed('an exception that nobody catches', later(`setTimeout(() => { throw new Error('lost') })`), /uncaught: lost/);
noticed('a promise that nobody catches', later(`Promise.reject(new Error('forlorn'))`), /uncaught: forlorn/);
noticed(
  'a request',
  `<link rel="stylesheet" href="http://127.0.0.1:1/x.css">${later('')}`,
  /request: http:..127.0.0.1:1.x.css/,
);
noticed(
  'a request of a script',
  later(`fetch('http://127.0.0.1:1/y').catch(() => 0)`),
  /request: http:..127.0.0.1:1.y/,
);
noticed('a frame', `<iframe src="none.html"></iframe>${later('')}`, /request: file:.*none.html/);
noticed(
  'what the policy forbids',
  `${FORBID}${later(`fetch('http://127.0.0.1:1/z').catch(() => 0)`)}`,
  /error: .*Content Security Policy/,
);

test.run();
