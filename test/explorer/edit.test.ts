import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inBrowser } from './support/browser.ts';
import { diagram } from '../src/explorer/support/diagrams.ts';
import type { Explorer } from './support/explorer.ts';

// prog-eof-becomes-fin: from peer x@1 y@6 |@10, from prog a@2 |@4, prog exit 0@11.

const FIRST = diagram('prog-eof-becomes-fin');

const add = (explorer: Explorer, label: string, kind: string): Promise<unknown> =>
  explorer.menu(`Add to ${label}`).selectOption(kind);

/** What the chosen marble is. */
const KIND = 'is';
/** When the chosen marble is, in milliseconds. */
const TIME = 'at ms';

inBrowser(
  'a marble is added behind the others of its row, before its end, under a letter of its own',
  async (explorer) => {
    await add(explorer, 'from peer', 'data');
    assert.is(await explorer.row('from peer'), 'from peer: x@1 y@6 z@8 |@10');
    await add(explorer, 'from prog', 'data');
    assert.is(await explorer.row('from prog'), 'from prog: a@2 b@4 |@4');
    await explorer.agrees(FIRST);
  },
);

inBrowser('what is added is chosen, and can be changed by form', async (explorer) => {
  await add(explorer, 'from peer', 'close_notify');
  await explorer.page.getByRole('group', { name: 'The marble in from peer' }).waitFor();
  assert.is(await explorer.menu(KIND).inputValue(), 'close_notify');
  assert.is(await explorer.number(TIME).inputValue(), '8');
  await explorer.enter(explorer.number(TIME), '3');
  assert.is(await explorer.row('from peer'), 'from peer: x@1 N@3 y@6 |@10');
  await explorer.agrees(FIRST);
});

inBrowser('an end that is added takes the place of the one that was there', async (explorer) => {
  await add(explorer, 'from peer', 'reset (RST)');
  assert.is(await explorer.row('from peer'), 'from peer: x@1 y@6 #@8');
  const { told } = await explorer.agrees({ ...FIRST, fault: 'reset' });
  assert.match(told[0]?.verdict ?? '', /reset/);
});

inBrowser(
  'every kind that a menu offers can be chosen for a marble, and is what the graph then plays',
  async (explorer) => {
    const faults: Readonly<Record<string, string>> = {
      'reset (RST)': 'reset',
      'fatal alert': 'alert decode_error',
      'record that cannot be decrypted': 'badRecord',
      'FIN inside a record': 'cutRecord',
    };
    await explorer.marble('from peer: FIN').click();
    const kinds = await explorer.menu(KIND).locator('option').allTextContents();
    assert.equal(kinds, ['data', 'close_notify', 'FIN', ...Object.keys(faults)]);
    for (const kind of kinds) {
      await explorer.menu(KIND).selectOption(kind);
      assert.is(await explorer.menu(KIND).inputValue(), kind);
      await explorer.agrees({ ...FIRST, fault: faults[kind] ?? 'reset' });
      const symbol = kind === 'data' ? '[a-z]' : kind === 'close_notify' ? 'N' : kind === 'FIN' ? '\\|' : '#';
      assert.match(await explorer.row('from peer'), new RegExp(`^from peer: x@1 y@6 ${symbol}@10$`));
    }
  },
);

inBrowser('a marble that becomes an end goes behind the others, and its menu keeps the focus', async (explorer) => {
  await explorer.marble('from peer: data x').focus();
  await explorer.page.keyboard.press('Enter');
  await explorer.menu(KIND).selectOption('FIN');
  assert.is(await explorer.row('from peer'), 'from peer: y@6 |@6');
  assert.is(await explorer.menu(KIND).evaluate((menu) => menu === document.activeElement), true);
  await explorer.agrees(FIRST);
});

inBrowser('how prog ends can be chosen, too', async (explorer) => {
  await explorer.marble('prog exit: exit with code 0').click();
  for (const [kind, progStatus, verdict] of [
    ['exit 1', 'code 0', 'prog exited 1'],
    ['not found', 'code 127', 'prog exited 127'],
    ['killed by SIGKILL', 'signal 9', 'prog was killed by signal 9'],
  ] as const) {
    await explorer.menu(KIND).selectOption(kind);
    const { told } = await explorer.agrees({ ...FIRST, progStatus });
    assert.ok(told[0]?.verdict.includes(verdict), told[0]?.verdict);
  }
});

inBrowser(
  'a time that cannot be becomes the nearest that can, and one that is none stays what it was',
  async (explorer) => {
    const time = explorer.number(TIME);
    await explorer.marble('from peer: data x').click();
    for (const [typed, row] of [
      ['11', 'from peer: y@6 x@10 |@10'],
      ['-1', 'from peer: x@0 y@6 |@10'],
      ['2.4', 'from peer: x@2 y@6 |@10'],
      ['', 'from peer: x@2 y@6 |@10'],
    ] as const) {
      await explorer.enter(time, typed);
      assert.is(await explorer.row('from peer'), row, typed);
      assert.is(await time.inputValue(), /x@(\d+)/.exec(row)?.[1]);
    }
  },
);

inBrowser('the form stays with its marble when that overtakes another', async (explorer) => {
  const time = explorer.number(TIME);
  await explorer.marble('from peer: data y').click();
  await time.focus();
  for (const [typed, row] of [
    ['0', 'from peer: y@0 x@1 |@10'],
    ['9', 'from peer: x@1 y@9 |@10'],
  ] as const) {
    await time.selectText();
    await explorer.page.keyboard.type(typed);
    await explorer.page.keyboard.press('Enter');
    assert.is(await explorer.row('from peer'), row);
    assert.is(await time.evaluate((field) => field === document.activeElement), true);
  }
  await explorer.agrees(FIRST);
});

inBrowser('a marble is removed by its button', async (explorer) => {
  await explorer.marble('from peer: data y').click();
  await explorer.button('Remove').click();
  assert.is(await explorer.row('from peer'), 'from peer: x@1 |@10');
  await explorer.agrees(FIRST);
});

inBrowser('rows are taken away and added', async (explorer) => {
  await explorer.button('Take the row prog exit away').click();
  assert.equal(await explorer.given(), ['from peer: x@1 y@6 |@10', 'from prog: a@2 |@4']);
  const { told } = await explorer.agrees(FIRST);
  assert.is(told[0]?.verdict, 'none');
  await explorer.page.getByText(/^There is no verdict yet: it comes when prog has exited/).waitFor();
  await explorer.menu('Add a row').selectOption('prog exit');
  assert.equal(await explorer.given(), ['from peer: x@1 y@6 |@10', 'from prog: a@2 |@4', 'prog exit:']);
  await add(explorer, 'prog exit', 'exit 0');
  assert.is(await explorer.row('prog exit'), 'prog exit: 0@1');
  await explorer.agrees(FIRST);
});

inBrowser('every row that can be given can be added, and every marble that its menu offers', async (explorer) => {
  const rows = (await explorer.menu('Add a row').locator('option').allTextContents()).slice(1);
  assert.equal(rows, ['handshake', 'prog stdin gone', 'signal', 'taken by peer', 'taken by prog', 'hung up']);
  for (const label of rows) {
    await explorer.menu('Add a row').selectOption(label);
    const kinds = (await explorer.menu(`Add to ${label}`).locator('option').allTextContents()).slice(1);
    for (const kind of kinds) await add(explorer, label, kind);
    assert.ok((await explorer.row(label)).length > `${label}:`.length, label);
  }
  assert.is(await explorer.menu('Add a row').isDisabled(), true);
  await explorer.agrees({ ...FIRST, fault: 'handshake no shared cipher', writeFault: 'reset EPIPE' });
});

inBrowser('Start over brings back what the scenario was', async (explorer) => {
  await explorer.marble('from peer: data y').press('Delete');
  await explorer.choice('Policy', '-S').check();
  await explorer.button('Start over').click();
  assert.is(await explorer.row('from peer'), 'from peer: x@1 y@6 |@10');
  assert.is(await explorer.choice('Policy', '-s').isChecked(), true);
  await explorer.agrees(FIRST);
});

inBrowser('the page says when a title need not hold any more', async (explorer) => {
  const changed = explorer.page.getByText('Changed: what the title says need not hold any more.');
  assert.is(await changed.count(), 0);
  await explorer.marble('from peer: data y').press('ArrowRight');
  assert.is(await changed.count(), 1);
  await explorer.page.keyboard.press('ArrowLeft');
  assert.is(await changed.count(), 0);
});

test.run();
