import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LAST_FRAME } from '../../src/explorer/model/edit.ts';
import { inBrowser } from './support/browser.ts';
import { diagram } from '../src/explorer/support/diagrams.ts';
import type { Explorer } from './support/explorer.ts';

const FIRST = diagram('prog-eof-becomes-fin');

/** Waits until the address says it: the page writes it when nothing has changed for a while. */
const untilAddressed = ({ page }: Explorer, part: string): Promise<unknown> =>
  page.waitForFunction((wanted) => location.hash.includes(wanted), part);

/** Changes the fragment as somebody does who edits the address. */
const goTo = ({ page }: Explorer, fragment: string): Promise<void> =>
  page.evaluate((hash) => {
    location.hash = hash;
  }, fragment);

const alert = ({ page }: Explorer): Promise<string> => page.locator('[role=alert]').innerText();

inBrowser('the link that is copied opens the same rows, options and comparison in another window', async (explorer) => {
  await explorer.choose('truncation-is-an-error-under-big-j');
  await explorer.choice('Policy', '-N').check();
  await explorer.choice('Compare with', '-s').check();
  await explorer.choice('Protocol', '1.2').check();
  await explorer.enter(explorer.page.getByRole('spinbutton', { name: /^-K/ }), '700');
  await explorer.marble('from peer: FIN').press('Shift+ArrowRight');
  await explorer.menu('Add to from peer').selectOption('FIN inside a record');
  await explorer.menu('Add a row').selectOption('signal');
  await explorer.menu('Add to signal').selectOption('SIGTERM');
  const beside = await explorer.openBeside(await explorer.permalink());
  assert.equal(await beside.read(), await explorer.read());
  assert.is(await beside.permalink(), await explorer.permalink());
});

inBrowser(
  'what is copied is on the clipboard, and shown',
  async (explorer) => {
    const link = await explorer.permalink();
    const clipboard = await explorer.page.evaluate(() => navigator.clipboard.readText());
    assert.is(clipboard, `${explorer.page.url().split('#', 1).join()}#${link}`);
  },
  { permissions: ['clipboard-read', 'clipboard-write'] },
);

inBrowser(
  'a browser that has no clipboard for the page still shows what is to be copied, and says so',
  async (explorer) => {
    await explorer.page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await explorer.button('Copy permalink').click();
    const dialog = explorer.page.getByRole('dialog');
    await dialog.getByText('The browser does not let this page copy: copy it from here.').waitFor();
    assert.match(await dialog.getByRole('textbox').inputValue(), /#diagram=prog-eof-becomes-fin$/);
  },
);

inBrowser('the link of a tour is that of its step', async (explorer) => {
  await explorer.button('Take the tour').click();
  await explorer.button('3: Why does close_notify exist?').click();
  const beside = await explorer.openBeside(await explorer.permalink());
  await beside.page.getByRole('heading', { name: 'Why does close_notify exist?', exact: true }).waitFor();
  assert.equal(await beside.given(), await explorer.given());
});

inBrowser('the address follows what is changed', async (explorer) => {
  await explorer.marble('from prog: EOF').press('ArrowRight');
  await untilAddressed(explorer, 'from+prog.2a.5%7C');
  await explorer.page.reload();
  assert.is(await explorer.row('from prog'), 'from prog: a@2 |@5');
});

inBrowser(
  'an address that is edited by hand changes the page, and the browser goes back to what was',
  async (explorer) => {
    await goTo(explorer, 'diagram=idle-timeout-ends-both-directions');
    await explorer.page.getByRole('heading', { name: diagram('idle-timeout-ends-both-directions').title }).waitFor();
    await explorer.agrees(diagram('idle-timeout-ends-both-directions'));
    await explorer.page.goBack();
    await explorer.page.getByRole('heading', { name: FIRST.title }).waitFor();
    await explorer.agrees(FIRST);
    await explorer.page.goForward();
    await explorer.page.getByRole('heading', { name: diagram('idle-timeout-ends-both-directions').title }).waitFor();
  },
);

inBrowser(
  'a link that makes no sense is told until something is changed, and the page works on',
  async (explorer) => {
    assert.is(await alert(explorer), 'This link cannot be read: there is no diagram <img src=x onerror=alert(1)>');
    await explorer.agrees(FIRST);
    await explorer.marble('from prog: EOF').press('ArrowRight');
    assert.is(await alert(explorer), '');
    await explorer.agrees(FIRST);
  },
  { fragment: 'diagram=<img src=x onerror=alert(1)>' },
);

inBrowser('what is wrong with a link is told in one line', async (explorer) => {
  for (const [fragment, says] of [
    ['diagram=__proto__', 'there is no diagram __proto__'],
    ['evil=1', 'unknown: evil'],
    ['policy=X', 'X is none of s, S, N'],
    ['given=from+peer.5x.1y', 'time runs backwards: from peer'],
    ['given=constructor.1x', 'given: unknown row: constructor'],
    ['given=from+peer.1000000000x', 'given: no mark: 1000000000x'],
    [`given=from+peer${'.1x'.repeat(1001)}`, 'given: more than 1000 marks in a row'],
    ['K=-1', `K: no whole number from 0 to ${LAST_FRAME}: -1`],
    ['step=9', 'step: no whole number from 1 to 8: 9'],
    ['bytes=a.999999999999', 'bytes: no whole number from 1 to 1073741824: 999999999999'],
    ['fault=toString', 'fault: unknown: toString'],
  ] as const) {
    await goTo(explorer, fragment);
    await explorer.page.getByRole('alert').getByText(`This link cannot be read: ${says}`, { exact: true }).waitFor();
    await explorer.agrees(FIRST);
  }
});

inBrowser('whatever stands in an address that is edited by hand, the page works on', async (explorer) => {
  for (const fragment of [
    '%',
    '%00',
    '%ff%fe',
    '=',
    '&&&&',
    '#',
    'given=',
    'given=.',
    'title=',
    'x'.repeat(100_000),
    '\u202e\ud800',
  ]) {
    await goTo(explorer, fragment);
    await explorer.page.getByRole('heading', { level: 1 }).waitFor();
    await explorer.agrees(FIRST);
  }
});

inBrowser(
  'markup in a title of an address is text',
  async (explorer) => {
    await explorer.page.getByRole('heading', { name: '<img src=x onerror=alert(1)></title><script>' }).waitFor();
    assert.is(await explorer.page.locator('img').count(), 0);
  },
  { fragment: `title=${encodeURIComponent('<img src=x onerror=alert(1)></title><script>')}` },
);

inBrowser(
  'a scenario that needs no diagram is told by its address alone',
  async (explorer) => {
    assert.equal(await explorer.given(), ['from peer: x@1 N@2 |@9', 'from prog: a@3 |@4', 'prog exit: 0@5']);
    await explorer.agrees({ ...FIRST, policy: 'N' });
  },
  { fragment: 'policy=N&given=from+peer.1x.2N.9|&given=from+prog.3a.4|&given=prog+exit.50&end=' },
);

test.run();
