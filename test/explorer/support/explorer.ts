import type { Locator, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import type { Policy, Protocol } from '../../../graph/vocabulary.ts';
import type { Scenario } from '../../../src/diagram/scenario.ts';
import { readPage, toldByNode, withGiven, type Shown } from './shown.ts';

/** The page, as people see and use it. */
export class Explorer {
  readonly page: Page;
  /** What the browser has complained of. A test that wants it to must take them out. */
  readonly faults: string[];

  constructor(page: Page, faults: string[]) {
    this.page = page;
    this.faults = faults;
  }

  async open(address: string, fragment: string): Promise<void> {
    await this.page.goto(fragment === '' ? address : `${address}#${fragment}`);
  }

  /** The same page once more, in a window beside this one. */
  async openBeside(fragment: string): Promise<Explorer> {
    const beside = new Explorer(await this.page.context().newPage(), this.faults);
    await beside.open(this.page.url().split('#', 1).join(), fragment);
    return beside;
  }

  read(): Promise<Shown> {
    return readPage(this.page);
  }

  /** The given rows as short texts: `from peer: x@1 y@4 |@10`. */
  async given(): Promise<readonly string[]> {
    const { given } = await this.read();
    return given.map(({ label, marks }) =>
      [`${label}:`, ...marks.map(({ frame, symbol }) => `${symbol}@${frame}`)].join(' '),
    );
  }

  /** The short text of one given row. */
  async row(label: string): Promise<string> {
    const rows = await this.given();
    return rows.find((row) => row.startsWith(`${label}:`)) ?? `no row ${label}`;
  }

  /**
   * Fails unless the page tells what the graph says under Node about the given rows that stand on the page.
   *
   * @param scenario has the options that the page should have; its rows do not matter.
   */
  async agrees(scenario: Scenario, protocol: Protocol = 'TLSv1.3', versus?: Policy): Promise<Shown> {
    const shown = await this.read();
    const policies = versus === undefined ? [scenario.policy] : [scenario.policy, versus];
    const expected = policies.map((policy, i) =>
      toldByNode(
        withGiven({ ...scenario, policy }, shown.given),
        protocol,
        (shown.told[i]?.rows ?? []).map(({ label }) => label),
      ),
    );
    assert.equal(
      shown.told.map(({ rows, verdict }) => ({ rows, verdict })),
      expected,
    );
    return shown;
  }

  /** A marble that can be dragged: `from peer: data x`. */
  marble(name: string): Locator {
    return this.page.getByRole('slider', { name, exact: true });
  }

  /** A marble that the graph has said: `to peer, -s: FIN, at 4 ms`. */
  told(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  menu(name: string): Locator {
    return this.page.getByRole('combobox', { name, exact: true });
  }

  /** A field for a number. */
  number(name: string): Locator {
    return this.page.getByRole('spinbutton', { name, exact: true });
  }

  /** Types a number into a field, and says by Enter that it is complete. */
  async enter(field: Locator, number: string): Promise<void> {
    await field.fill(number);
    await field.press('Enter');
  }

  /** One of several choices: `Policy`, `-S`. */
  choice(group: string, name: string): Locator {
    return this.page.getByRole('group', { name: group, exact: true }).getByRole('radio', { name, exact: true });
  }

  async choose(diagram: string): Promise<void> {
    await this.menu('Scenario').selectOption(diagram);
  }

  async showAllRows(): Promise<void> {
    await this.page.getByRole('checkbox', { name: /^All rows/ }).check();
  }

  /** The fragment of the link that the page gives, without `#`. */
  async permalink(): Promise<string> {
    const [, fragment] = (await this.copied('Copy permalink')).split('#');
    return fragment ?? 'no fragment';
  }

  /** What a button that copies shows to be copied, too. */
  async copied(name: string): Promise<string> {
    await this.button(name).click();
    const dialog = this.page.getByRole('dialog');
    const text = await dialog.getByRole('textbox').inputValue();
    await dialog.getByRole('button', { name: 'Close' }).click();
    return text;
  }
}
