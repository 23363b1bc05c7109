import { once as event } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { installed, skip } from '../support/live-skips.ts';
import { once, type Live } from './support/live.ts';
import { AS_NOBODY } from './support/nobody.ts';
import type { Running } from './support/running.ts';
import { poll, within } from './support/watch.ts';

const folder = mkdtempSync(join(tmpdir(), 'marble-tls-live-explore-'));
test.after(() => rmSync(folder, { recursive: true }));

/** The program as the build makes it, beside the explorer's page. */
const BUILT = fileURLToPath(new URL('../../dist/marble-tls.cjs', import.meta.url));

/** The program alone in a directory, or with another page beside it. */
const installation = (name: string, page?: string): string => {
  const directory = join(folder, name);
  mkdirSync(directory);
  copyFileSync(BUILT, join(directory, 'marble-tls.cjs'));
  if (page !== undefined) writeFileSync(join(directory, 'explorer.html'), page);
  return join(directory, 'marble-tls.cjs');
};
// Others, too, must be able to run it.
chmodSync(folder, 0o755);

const PAGE = `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;"><p>an explorer`;
const COMMAND = installation('whole', PAGE);

/** Starts the explorer, and waits for its address. */
const explore = async (
  live: Live,
  {
    command = COMMAND,
    flags = [],
    env = {},
  }: { command?: string; flags?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): Promise<{ explorer: Running; address: URL }> => {
  const explorer = live.run([command, 'explore', ...flags], env);
  const [, address = ''] = await explorer.says(/^(http:\/\/127\.0\.0\.1:[1-9]\d*\/)\n$/);
  return { explorer, address: new URL(address) };
};

/** What a command that does not stay says; it must be one line, and the status 2. */
const refusal = async (live: Live, command: readonly string[]): Promise<string> => {
  const running = live.run(command);
  assert.is(await running.exit(), 2);
  assert.is(running.stdout, '');
  assert.match(running.stderr, /^marble-tls: fatal: [^\n]*\n$/);
  return running.stderr.slice('marble-tls: fatal: '.length, -1);
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  once(`${signal} ends the explorer with 0 at once, though a browser keeps its connection`, async (live) => {
    const { explorer, address } = await explore(live);
    const kept = connect(Number(address.port), address.hostname);
    const closed = event(kept, 'close');
    kept.write(`GET / HTTP/1.1\r\nHost: ${address.host}\r\n\r\n`);
    await within('the page', event(kept, 'data'));
    const [pid = 0] = live.running();
    process.kill(pid, signal);
    assert.is(await explorer.exit(), 0);
    await within('the end of the connection', closed);
    assert.is(explorer.stdout, address.href + '\n');
    assert.is(explorer.stderr, '');
  });
}

once('the page beside the program is served, with its policy', async (live) => {
  const { address } = await explore(live);
  const response = await fetch(address);
  assert.is(response.status, 200);
  assert.equal(
    Object.fromEntries([...response.headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name))),
    {
      'content-type': 'text/html; charset=utf-8',
      'content-length': String(PAGE.length),
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
      'cross-origin-opener-policy': 'same-origin',
    },
  );
  assert.is(await response.text(), PAGE);
});

once('the page that the build makes is served as it is', async (live) => {
  const { address } = await explore(live, { command: BUILT });
  const response = await fetch(address);
  const page = readFileSync(new URL('../../dist/explorer.html', import.meta.url));
  assert.ok(Buffer.from(await response.arrayBuffer()).equals(page));
  // Its script and style are named by their hashes, and nothing else may be loaded.
  assert.match(
    response.headers.get('content-security-policy') ?? '',
    /^default-src 'none'; script-src 'sha256-[^']{44}'; style-src 'sha256-[^']{44}'; .*; frame-ancestors 'none'$/,
  );
});

once('what is not GET or HEAD of / by a name of ours is refused', async (live) => {
  const { address } = await explore(live);
  const status = async (path: string, options: RequestInit = {}) =>
    (await fetch(new URL(path, address), options)).status;
  assert.is(await status('/', { method: 'HEAD' }), 200);
  assert.is(await status('/x'), 404);
  assert.is(await status('/', { method: 'POST', body: 'x' }), 405);
  const foreign = get(address, { headers: { host: `evil.example:${address.port}` } });
  const [response] = (await within('an answer', event(foreign, 'response'))) as [IncomingMessage];
  assert.is(response.statusCode, 421);
  response.resume();
});

once('it listens on 127.0.0.1 and on no other address', async (live) => {
  const { address } = await explore(live);
  const port = Number(address.port).toString(16).toUpperCase().padStart(4, '0');
  // State 0A is TCP_LISTEN.
  const listening = new RegExp(`^ *\\d+: ([0-9A-F]+):${port} \\S+ 0A `, 'gm');
  const tables = ['tcp', 'tcp6'].map((name) => readFileSync(`/proc/net/${name}`, 'latin1'));
  assert.equal(
    tables.flatMap((table) => [...table.matchAll(listening)].map(([, where]) => where)),
    ['0100007F'],
  );
});

once('--open shows the address in a browser, which outlives the explorer', async (live) => {
  const [bin, opened] = [join(folder, 'bin'), join(folder, 'opened')];
  mkdirSync(bin);
  const script = `#!/bin/sh\necho "$@" >${opened}.new; mv ${opened}.new ${opened}; exec sleep 60\n`;
  writeFileSync(join(bin, 'xdg-open'), script, { mode: 0o755 });
  const { explorer, address } = await explore(live, {
    flags: ['--open'],
    env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` },
  });
  await poll('the browser', () => existsSync(opened));
  assert.is(readFileSync(opened, 'utf8'), `${address.href}\n`);
  explorer.stop();
  assert.is(await explorer.exit(), 0);
  assert.is(explorer.stderr, '');
  const [browser = 0, ...others] = live.running();
  assert.equal(others, []);
  process.kill(browser);
});

once('a browser that cannot be opened is a warning, and the explorer goes on', async (live) => {
  const bin = join(folder, 'empty');
  mkdirSync(bin);
  const explorer = live.run([process.execPath, COMMAND, 'explore', '--open'], { PATH: bin });
  const [, warning] = await explorer.says(/^marble-tls: (.*)\n/m);
  assert.is(warning, 'warning: unable to run xdg-open: no such file or directory');
  const response = await fetch(explorer.stdout.trim());
  assert.is(await response.text(), PAGE);
  explorer.stop();
  assert.is(await explorer.exit(), 0);
});

once('a port that somebody else has is a fatal line', async (live) => {
  const { address } = await explore(live);
  assert.is(
    await refusal(live, [COMMAND, 'explore', '--port', address.port]),
    `unable to listen on 127.0.0.1 port ${address.port}: address already in use`,
  );
});

if (process.getuid?.() !== 0 || installed('setpriv', 'the explorer on a port that is not allowed')) {
  const limit = Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  if (limit > 1) {
    once('a port that is not allowed is a fatal line', async (live) => {
      const under = process.getuid?.() === 0 ? AS_NOBODY : [];
      assert.is(
        await refusal(live, [...under, COMMAND, 'explore', '--port', '1']),
        'unable to listen on 127.0.0.1 port 1: permission denied',
      );
    });
  } else skip('the explorer on a port that is not allowed: here every user may have every port');
}

once('wrong usage is a fatal line', async (live) => {
  const usage = 'usage: marble-tls explore [ --connection N ] [ --port N ] [ --open ] [ FILE ]';
  assert.is(
    await refusal(live, [COMMAND, 'explore', '--port=65536']),
    '--port 65536: a port is a number from 0 to 65535',
  );
  assert.is(await refusal(live, [COMMAND, 'explore', '--port']), `--port needs one N; ${usage}`);
  assert.is(await refusal(live, [COMMAND, 'explore', 'A', 'B']), `more than 1 file; ${usage}`);
});

once('a program without its page says where it looked, and how to make the page', async (live) => {
  const command = installation('alone');
  const page = join(folder, 'alone/explorer.html');
  assert.is(
    await refusal(live, [command, 'explore']),
    `unable to read ${page}: no such file or directory; make the page: npm run build`,
  );
  writeFileSync(page, '<!doctype html>');
  assert.is(
    await refusal(live, [command, 'explore']),
    `${page}: sets no Content-Security-Policy; make the page anew: npm run build`,
  );
});

once('an address that nobody can read is a fatal line', async (live) => {
  assert.is(
    await refusal(live, ['sh', '-c', `exec ${COMMAND} explore >/dev/full`]),
    'unable to write to stdout: no space left on device',
  );
});

test.run();
