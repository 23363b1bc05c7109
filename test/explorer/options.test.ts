import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LAST_FRAME } from '../../src/explorer/model/edit.ts';
import { inBrowser } from './support/browser.ts';
import { diagram } from '../src/explorer/support/diagrams.ts';

const FIRST = diagram('prog-eof-becomes-fin');

inBrowser('each policy, under each protocol, gives what it gives under Node', async (explorer) => {
  const seen = new Set<string>();
  for (const protocol of ['TLSv1.2', 'TLSv1.3'] as const) {
    await explorer.choice('Protocol', protocol.slice('TLSv'.length)).check();
    for (const policy of ['s', 'S', 'N'] as const) {
      await explorer.choice('Policy', `-${policy}`).check();
      const { told } = await explorer.agrees({ ...FIRST, policy }, protocol);
      assert.is(told[0]?.options, `-${policy}`);
      seen.add(JSON.stringify(told[0]?.rows));
    }
  }
  // Otherwise it would not matter what is chosen.
  assert.ok(seen.size > 2, String(seen.size));
});

inBrowser(
  'the protocol matters where TLS 1.3 has changed something',
  async (explorer) => {
    const scenario = diagram('tls12-answers-close-notify-at-once');
    const old = await explorer.agrees(scenario, 'TLSv1.2');
    await explorer.choice('Protocol', '1.3').check();
    const { told } = await explorer.agrees(scenario, 'TLSv1.3');
    assert.is.not(told[0]?.verdict, old.told[0]?.verdict);
  },
  { fragment: 'diagram=tls12-answers-close-notify-at-once' },
);

inBrowser('-J makes an error of an end without close_notify', async (explorer) => {
  const insist = explorer.page.getByRole('checkbox', { name: /^-J/ });
  await insist.check();
  const { told } = await explorer.agrees({ ...FIRST, requireCloseNotify: true });
  assert.is(told[0]?.options, '-s -J');
  assert.match(told[0]?.verdict ?? '', /exit 98$/);
  await insist.uncheck();
  assert.match((await explorer.agrees(FIRST)).told[0]?.verdict ?? '', /exit 0$/);
});

inBrowser('-K ends what falls silent', async (explorer) => {
  const silence = explorer.page.getByRole('spinbutton', { name: /^-K/ });
  for (const [typed, idleTimeout] of [
    ['2', 2],
    ['', 2],
    ['-1', 0],
    [String(LAST_FRAME + 1), LAST_FRAME],
    ['0', 0],
  ] as const) {
    await explorer.enter(silence, typed);
    assert.is(await silence.inputValue(), String(idleTimeout));
    const { told } = await explorer.agrees({ ...FIRST, idleTimeout });
    assert.is(told[0]?.options, idleTimeout === 0 ? '-s' : `-s -K ${idleTimeout}`);
  }
});

inBrowser('two policies stand beside each other, and the rows that differ say so', async (explorer) => {
  await explorer.choice('Compare with', '-S').check();
  const { told } = await explorer.agrees(FIRST, 'TLSv1.3', 'S');
  assert.equal(
    told.map(({ options, differing }) => ({ options, differing })),
    [
      { options: '-s', differing: [] },
      { options: '-S', differing: ['to peer', 'to prog'] },
    ],
  );
  assert.is(await explorer.page.getByText('differs', { exact: true }).count(), 2);
});

inBrowser('what is dragged is told under both policies at once', async (explorer) => {
  await explorer.choice('Compare with', '-N').check();
  await explorer.marble('from peer: FIN').press('Shift+ArrowRight');
  await explorer.marble('from prog: EOF').press('ArrowLeft');
  await explorer.agrees(FIRST, 'TLSv1.3', 'N');
});

inBrowser('two policies that do the same differ in nothing', async (explorer) => {
  await explorer.choice('Compare with', '-s').check();
  const { told } = await explorer.agrees(FIRST, 'TLSv1.3', 's');
  assert.equal(told[1]?.differing, []);
  await explorer.choice('Compare with', 'none').check();
  assert.is((await explorer.read()).told.length, 1);
});

inBrowser('another scenario is opened under its own policy, and the comparison stays', async (explorer) => {
  await explorer.choice('Compare with', '-N').check();
  await explorer.choose('truncation-is-an-error-under-big-j');
  const scenario = diagram('truncation-is-an-error-under-big-j');
  await explorer.agrees(scenario, 'TLSv1.3', 'N');
});

test.run();
