import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EXPECTED } from '../../src/diagram/alphabet.ts';
import { shownUnder } from '../../src/diagram/scenario.ts';
import { inBrowser } from './support/browser.ts';
import { DIAGRAMS } from '../src/explorer/support/diagrams.ts';

inBrowser(
  'every diagram gives in the page, under each of its protocols, what it gives under Node',
  async (explorer) => {
    await explorer.showAllRows();
    let played = 0;
    for (const [name, scenario] of DIAGRAMS) {
      await explorer.choose(name);
      // It is shown under the newest first.
      for (const protocol of [...scenario.protocols].sort().reverse()) {
        if (protocol !== shownUnder(scenario)) await explorer.choice('Protocol', protocol.slice('TLSv'.length)).check();
        const shown = await explorer.agrees(scenario, protocol);
        const given = scenario.given.map(({ label, marks }) => ({ label, marks }));
        assert.equal(shown.given, given, `${name}: what is given`);
        const [told] = shown.told;
        assert.equal(told?.rows.map(({ label }) => label).sort(), Object.keys(EXPECTED).sort());
        // What the file itself expects, which other tests hold against Node.
        for (const { label, marks } of scenario.expected)
          assert.equal(told?.rows.find((row) => row.label === label)?.marks, marks, `${name}, ${protocol}: ${label}`);
        assert.is(told?.verdict, `${scenario.verdict}; exit ${scenario.exit}`, `${name}, ${protocol}`);
        played += 1;
      }
    }
    assert.ok(played > DIAGRAMS.size);
  },
);

inBrowser('the menu has every diagram of diagrams/ and nothing else, each by its title', async (explorer) => {
  const options = explorer.menu('Scenario').locator('option');
  const shown = await options.evaluateAll((all) =>
    all.map((option) => [(option as HTMLOptionElement).value, option.textContent]),
  );
  const expected = [...DIAGRAMS].map(([name, { title }]) => [name, title]);
  assert.equal(shown.sort(), expected.sort());
});

test.run();
