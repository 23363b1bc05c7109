import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openBrowser } from '../../../../src/inspect/explore/browser.ts';
import { poll, within } from '../../../live/support/watch.ts';

const ADDRESS = 'http://127.0.0.1:4000/';
const folder = mkdtempSync(join(tmpdir(), 'marble-tls-browser-'));
test.after(() => rmSync(folder, { recursive: true }));

/** A PATH on which there is a stand-in for the program. */
const pathWith = (opener: string, script: string): string => {
  const directory = mkdtempSync(join(folder, 'bin-'));
  writeFileSync(join(directory, opener), `#!/bin/sh\n${script}\n`);
  chmodSync(join(directory, opener), 0o755);
  return `${directory}:${process.env['PATH'] ?? ''}`;
};
const said = join(folder, 'said');
const whatWasSaid = async (): Promise<string> => {
  const content = (): string => readFileSync(said, 'utf8');
  await poll('the stand-in to say something', () => content().endsWith('\n'));
  return content();
};
test.before.each(() => writeFileSync(said, ''));

/** The message that comes; there must be one. */
const warned = (environment: NodeJS.ProcessEnv): Promise<string> =>
  within('a warning', new Promise((warning) => openBrowser(ADDRESS, { environment, warning, platform: 'linux' })));

for (const [platform, opener] of [
  ['linux', 'xdg-open'],
  ['freebsd', 'xdg-open'],
  ['darwin', 'open'],
] as const) {
  test(`on ${platform} the browser is opened by ${opener}, with the address alone`, async () => {
    const environment = { PATH: pathWith(opener, `echo "$#" "$1" "$BROWSER" >>${said}`), BROWSER: 'lynx' };
    openBrowser(ADDRESS, { environment, warning: assert.unreachable, platform });
    assert.is(await whatWasSaid(), `1 ${ADDRESS} lynx\n`);
  });
}

test('the browser has a session of its own, so that ^C in our terminal does not end it, and cannot write into it', async () => {
  // Of /proc/PID/stat the session is the sixth field.
  const script = `session=$(cut -d' ' -f6 /proc/$$/stat); for fd in 0 1 2; do where="$where $(readlink /proc/$$/fd/$fd)"; done
    [ $session = $$ ] && echo "its own:$where" >${said}`;
  openBrowser(ADDRESS, {
    environment: { PATH: pathWith('xdg-open', script) },
    warning: assert.unreachable,
    platform: 'linux',
  });
  assert.is(await whatWasSaid(), 'its own: /dev/null /dev/null /dev/null\n');
});

test('a browser that cannot be opened is told once, with the reason', async () => {
  assert.is(await warned({ PATH: folder }), 'unable to run xdg-open: no such file or directory');
  assert.is(await warned({ PATH: pathWith('xdg-open', 'exit 3') }), 'unable to open a browser: xdg-open ended with 3');
  assert.is(
    await warned({ PATH: pathWith('xdg-open', 'kill -KILL $$') }),
    'unable to open a browser: xdg-open ended with SIGKILL',
  );
});

test('what is no program is told in the words of the system', async () => {
  const path = pathWith('xdg-open', '');
  chmodSync(join(path.split(':')[0] ?? '', 'xdg-open'), 0o644);
  assert.is(await warned({ PATH: path.split(':')[0] }), 'unable to run xdg-open: permission denied');
});

test.run();
