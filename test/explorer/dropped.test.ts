import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MOST_FILE_BYTES, readDropped } from '../../src/explorer/model/dropped.ts';
import { hostileTraces, NASTY } from '../src/explorer/support/hostile-traces.ts';
import { traceOf } from '../src/inspect/support/recorded.ts';
import { inBrowser } from './support/browser.ts';
import { diagram } from '../src/explorer/support/diagrams.ts';
import type { Explorer } from './support/explorer.ts';
import { chooseFile, drop, type File } from './support/files.ts';

const FIRST = diagram('prog-eof-becomes-fin');
const NAME = 'tls12-answers-close-notify-at-once';

const file = (name: string, contents: File['contents']): File => ({ name, contents });
const GREET = readFileSync('docs/examples/greet.trace', 'utf8');
const diagramText = (name: string): string => readFileSync(`diagrams/${name}.yaml`, 'utf8');

/** What the page says of the file that was dropped last. */
const saying = ({ page }: Explorer, text: string | RegExp): Promise<void> =>
  page.getByRole('status').getByText(text).waitFor();

/** What opening the first connection of a trace gives under Node. */
const openedByNode = (trace: string) => {
  const dropped = readDropped('a.trace', trace);
  if (dropped.kind !== 'trace' || dropped.connections[0] === undefined) throw new Error('no trace');
  return dropped.connections[0].open().scenario;
};

for (const [how, give] of [
  ['dropped on the page', drop],
  ['chosen', chooseFile],
] as const) {
  inBrowser(`a trace that is ${how} is played as under Node`, async (explorer) => {
    const trace = readFileSync('docs/examples/cut.trace', 'utf8');
    const scenario = openedByNode(trace);
    await give(explorer, file('cut.trace', trace));
    await explorer.page.getByRole('heading', { name: scenario.title }).waitFor();
    const { given } = await explorer.agrees(scenario, scenario.protocols[0]);
    assert.equal(
      given,
      scenario.given.map(({ label, marks }) => ({ label, marks })),
    );
  });

  inBrowser(`a diagram that is ${how} is opened`, async (explorer) => {
    await give(explorer, file('mine.yaml', diagramText(NAME)));
    await explorer.page.getByRole('heading', { name: diagram(NAME).title }).waitFor();
    await explorer.agrees(diagram(NAME), 'TLSv1.2');
    assert.is(await explorer.menu('Scenario').inputValue(), '');
  });
}

inBrowser('a trace can be changed like any scenario, and its link needs no file', async (explorer) => {
  await drop(explorer, file('cut.trace', readFileSync('docs/examples/cut.trace')));
  await explorer.page
    .getByRole('heading', { name: openedByNode(readFileSync('docs/examples/cut.trace', 'utf8')).title })
    .waitFor();
  await explorer.page.getByRole('slider').first().press('Shift+ArrowRight');
  const beside = await explorer.openBeside(await explorer.permalink());
  assert.equal(await beside.given(), await explorer.given());
  assert.equal((await beside.read()).told[0]?.verdict, (await explorer.read()).told[0]?.verdict);
});

inBrowser('each connection of a trace with several can be looked at', async (explorer) => {
  const names = [
    'prog-eof-becomes-close-notify',
    'prog-eof-becomes-fin',
    'tls12-answers-close-notify-at-once',
  ] as const;
  const traces = names.map((name, i) => traceOf(diagram(name), 'TLSv1.2', i + 1));
  await drop(explorer, file('several.trace', traces.join('')));
  const menu = explorer.menu('Its connections');
  await menu.waitFor();
  const lines = await menu.locator('option').allTextContents();
  assert.is(lines.length, 3);
  for (const [i, trace] of traces.entries()) {
    const scenario = openedByNode(trace);
    assert.match(lines[i] ?? '', new RegExp(`^connection ${i + 1}, prog: closed: `));
    await menu.selectOption(String(i));
    await explorer.page.getByRole('heading', { name: scenario.title }).waitFor();
    await explorer.agrees(scenario, 'TLSv1.2');
  }
});

inBrowser('what is no file changes nothing', async (explorer) => {
  await drop(explorer);
  await explorer.agrees(FIRST);
});

inBrowser('what cannot be read is told in one line, and the page works on', async (explorer) => {
  const notText = new Uint8Array(4096).map((_, i) => (i * 37) % 256);
  for (const [dropped, says] of [
    [file('empty', ''), 'empty: empty'],
    [file('space', ' \n \n'), 'space: empty'],
    [file('image.png', notText), /^image\.png/],
    [file('words.txt', 'just some words\n'), /^words\.txt/],
    [file('cut.json', '{"trace":1,"connection":1'), /^cut\.json/],
    [file('null.json', '{}'), /^null\.json/],
    [file('half.trace', GREET.slice(0, GREET.length / 2)), 'the trace stops before its verdict'],
    [file('bomb.yaml', `a: &a [x]\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b,*b]\n`), /^bomb\.yaml/],
    [file('<img src=x onerror=alert(1)>', 'x'), /^<img src=x onerror=alert\(1\)>/],
    [file('title.yaml', diagramText(NAME).replace(/^title: .*$/m, 'titel: x')), /^title\.yaml/],
  ] as const) {
    await drop(explorer, dropped);
    await saying(explorer, says);
    assert.not.match(await explorer.page.locator('.files .fault').innerText(), /\n/);
    await explorer.agrees(FIRST);
  }
  await drop(explorer, file('mine.yaml', diagramText(NAME)));
  await explorer.page.getByRole('heading', { name: diagram(NAME).title }).waitFor();
  assert.is(await explorer.page.locator('.files .fault').count(), 0);
});

inBrowser('a file that is too large is refused before it is read', async (explorer) => {
  // Of a size that the test need not send to the page.
  await explorer.page.evaluate((bytes) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Uint8Array(bytes)], 'huge.trace'));
    dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
  }, MOST_FILE_BYTES + 1);
  await saying(explorer, `huge.trace: more than ${MOST_FILE_BYTES / 1_048_576} MiB`);
  await explorer.agrees(FIRST);
});

inBrowser('markup in the names, the titles and the clauses of a file is text', async (explorer) => {
  const nasty = JSON.stringify(NASTY.replaceAll(/[\ud800-\udfff\u0000]/g, '') + '</script><svg onload=alert(1)>');
  await drop(
    explorer,
    file(
      'nasty.yaml',
      diagramText(NAME)
        .replace(/^title: .*$/m, `title: ${nasty}`)
        .replace(/^clause: .*$/m, `clause: ${nasty}`),
    ),
  );
  await explorer.page.getByRole('heading', { name: '<img src=x onerror=alert(1)>' }).waitFor();
  const trace = traceOf(FIRST, 'TLSv1.3').replaceAll('"prog":"prog"', `"prog":${nasty}`);
  await drop(explorer, file('<b>nasty</b>.trace', trace + trace.replaceAll('"connection":7', '"connection":8')));
  await explorer.menu('Its connections').waitFor();
  assert.match((await explorer.menu('Its connections').locator('option').allTextContents()).join('\n'), /<img src=x/);
  assert.is(await explorer.page.locator('img, b, svg[onload]').count(), 0);
});

inBrowser(
  'a trace that asks for too much is opened or refused in the words of Node, and the page works on',
  async (explorer) => {
    // Those that are larger are no other to a browser, and take their time to get there.
    const traces = hostileTraces().filter(({ text }) => text.length < 100_000);
    assert.ok(traces.length >= 8, String(traces.length));
    for (const { title, text } of traces) {
      await drop(explorer, file(title, text));
      await explorer.page.waitForFunction(
        (says) => document.querySelector('.files [role=status]')?.textContent === says,
        saidByNode(title, text),
      );
      await explorer.choose('prog-eof-becomes-fin');
      await explorer.agrees(FIRST);
    }
  },
);

function saidByNode(title: string, trace: string): string {
  try {
    const dropped = readDropped(title, trace);
    return dropped.kind === 'trace' ? (dropped.connections[0]?.open().notes ?? []).join('\n') : 'no trace';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test.run();
