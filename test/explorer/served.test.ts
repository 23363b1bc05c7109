import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Running } from '../live/support/running.ts';
import { inBrowser } from './support/browser.ts';
import { diagram } from '../src/explorer/support/diagrams.ts';
import { dragTo, mouse } from './support/drag.ts';
import type { Explorer } from './support/explorer.ts';
import { drop } from './support/files.ts';

const FIRST = diagram('prog-eof-becomes-fin');

/** The page as `marble-tls explore` serves it. */
const served = (
  title: string,
  files: readonly string[],
  body: (explorer: Explorer, server: Running) => Promise<void>,
): void =>
  inBrowser(title, async (explorer) => {
    const server = new Running([process.execPath, 'dist/marble-tls.cjs', 'explore', ...files], process.env);
    try {
      const [, address = '', fragment = ''] = await server.says(/^(http:\/\/127\.0\.0\.1:\d+\/)(?:#(.*))?\n/);
      await explorer.open(address, fragment);
      await body(explorer, server);
    } finally {
      server.stop();
      await server.exit();
    }
  });

served('the page works as marble-tls explore serves it, and asks for nothing more', [], async (explorer) => {
  assert.match(explorer.page.url(), /^http:/);
  await explorer.agrees(FIRST);
  await dragTo(mouse(explorer.page), explorer.marble('from prog: EOF'), explorer.marble('from peer: data y'));
  await explorer.agrees(FIRST);
  await drop(explorer, { name: 'cut.trace', contents: readFileSync('docs/examples/cut.trace') });
  await explorer.page.getByRole('heading', { name: /^Recorded/ }).waitFor();
  const beside = await explorer.openBeside(await explorer.permalink());
  assert.equal(await beside.given(), await explorer.given());
});

served(
  'the page shows the diagram that marble-tls explore was given',
  ['diagrams/truncation-is-an-error-under-big-j.yaml'],
  async (explorer) => {
    const scenario = diagram('truncation-is-an-error-under-big-j');
    await explorer.page.getByRole('heading', { name: scenario.title }).waitFor();
    await explorer.agrees(scenario);
  },
);

served('the page that is open works on when the server has ended', [], async (explorer, server) => {
  server.stop();
  await server.exit();
  await explorer.choose('truncation-is-an-error-under-big-j');
  await explorer.agrees(diagram('truncation-is-an-error-under-big-j'));
});

test.run();
