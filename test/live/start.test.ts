import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { once, PROGRAM, type Live, type Order } from './support/live.ts';

// The program is started from a code cache (src/start/program.ts), wherever it is installed and however it is called; and it is
// the same program without one.

const folder = mkdtempSync(join(tmpdir(), 'marble-tls-start-'));
test.after(() => rmSync(folder, { recursive: true }));

/** A copy of what `npm install` leaves: dist and, beside it, koffi. */
const install = (name: string): string => {
  const dist = join(folder, name, 'dist');
  mkdirSync(dist, { recursive: true });
  symlinkSync(join(dirname(PROGRAM), '../node_modules'), join(folder, name, 'node_modules'));
  for (const file of readdirSync(dirname(PROGRAM)).filter((each) => /\.(cjs|cache)$/.test(each)))
    copyFileSync(join(dirname(PROGRAM), file), join(dist, file));
  return join(dist, 's6-tlsd.cjs');
};

const cacheOf = (program: string): string => {
  const caches = readdirSync(dirname(program)).filter((file) => file.endsWith('.cache'));
  assert.is(caches.length, 1, `one cache, by the build: ${caches.join(' ')}`);
  return join(dirname(program), caches[0] ?? '');
};

const converse = async (live: Live, order: Omit<Order, 'prog'>): Promise<void> => {
  const { peer, tlsd } = await live.meet({ options: ['-S'], prog: ['cat'], ...order });
  await peer.send('hello\n');
  await peer.until('the echo', () => peer.text === 'hello\n');
  await peer.closeNotify();
  peer.fin();
  assert.is(await peer.ended(), order.options?.length === 0 ? 'fin' : 'close_notify, fin');
  assert.is(await tlsd.exit(), 0, tlsd.stderr);
  assert.is(tlsd.stderr, '');
};

/** Says of every script of V8's that is given a cache whether V8 has taken it. */
const HOOK = join(folder, 'hook.cjs');
writeFileSync(
  HOOK,
  `const vm = require('node:vm');
   vm.Script = class extends vm.Script {
     constructor(source, options) {
       super(source, options);
       require('node:fs').appendFileSync(process.env.CACHE_TOLD, \`\${options.cachedData ? this.cachedDataRejected : 'none'}\\n\`);
     }
   };`,
);

const rejected = async (live: Live, order: Omit<Order, 'prog'>): Promise<string> => {
  const told = join(folder, 'told');
  rmSync(told, { force: true });
  const nodeOptions = [order.env?.['NODE_OPTIONS'], `--require=${HOOK}`].filter(Boolean).join(' ');
  await converse(live, { ...order, env: { ...order.env, NODE_OPTIONS: nodeOptions, CACHE_TOLD: told } });
  return readFileSync(told, 'utf8');
};

once('started from its code cache, with options and without', async (live) => {
  const program = install('whole');
  assert.is(await rejected(live, { program }), 'false\n');
  assert.is(await rejected(live, { program, options: [] }), 'false\n');
});

once('without a cache, or with one that does not fit, it starts all the same and says nothing', async (live) => {
  const absent = install('absent');
  rmSync(cacheOf(absent));
  assert.is(await rejected(live, { program: absent }), 'none\n');

  const cut = install('cut');
  truncateSync(cacheOf(cut), 1000);
  assert.is(await rejected(live, { program: cut }), 'true\n');

  const empty = install('empty');
  truncateSync(cacheOf(empty), 0);
  await converse(live, { program: empty });

  const text = install('text');
  writeFileSync(cacheOf(text), 'no cache at all\n'.repeat(10_000));
  assert.is(await rejected(live, { program: text }), 'true\n');

  const directory = install('directory');
  const cache = cacheOf(directory);
  rmSync(cache);
  mkdirSync(cache);
  assert.is(await rejected(live, { program: directory }), 'none\n');
});

once('the cache of a node that runs with other options is not taken', async (live) => {
  const program = install('options');
  assert.is(await rejected(live, { program, env: { NODE_OPTIONS: '--stack-trace-limit=5' } }), 'true\n');
});

once('the cache of another node is not even looked at', async (live) => {
  // The same program in another file: what distinguishes two builds of one version.
  const program = install('another');
  const node = join(folder, 'another', 'node');
  cpSync(process.execPath, node);
  assert.is(await rejected(live, { program, under: [node] }), 'none\n');
});

once('called through a symbolic link, by a relative name, from another directory, without HOME', async (live) => {
  const program = install('linked');
  const links = join(folder, 'linked', 'bin');
  mkdirSync(links);
  const link = join(links, 's6-tlsd');
  symlinkSync(relative(links, program), link);
  const second = join(folder, 'second');
  symlinkSync(link, second);
  for (const each of [link, second])
    assert.is(await rejected(live, { program: each, env: { HOME: undefined } }), 'false\n');
  const byName = { program: 's6-tlsd', env: { PATH: `${links}:${process.env['PATH'] ?? ''}`, HOME: undefined } };
  assert.is(await rejected(live, byName), 'false\n');
  const from = (directory: string, name: string): Promise<void> =>
    converse(live, { under: ['env', '-C', directory], program: name });
  await from('/', program);
  await from(folder, './second');
  await from(links, '../dist/s6-tlsd.cjs');
});

once('a read-only install is left as it is', async (live) => {
  const program = install('read-only');
  const dist = dirname(program);
  const state = (): unknown =>
    readdirSync(dist).map((file) => [file, statSync(join(dist, file)).mtimeMs, readFileSync(join(dist, file)).length]);
  for (const file of readdirSync(dist)) chmodSync(join(dist, file), 0o555);
  chmodSync(dist, 0o555);
  const before = state();
  assert.is(await rejected(live, { program }), 'false\n');
  rmSync(cacheOf(program));
  const without = state();
  assert.not.equal(without, before);
  await converse(live, { program });
  assert.equal(state(), without);
});

once('the cache is made anew by one command, which only warns when it cannot', async (live) => {
  const program = install('anew');
  const maker = join(dirname(program), 'code-cache.cjs');
  const cache = cacheOf(program);
  const make = (): string =>
    execFileSync('sh', ['-c', 'exec "$0" "$1" 2>&1', process.execPath, maker], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    });
  rmSync(cache);
  assert.is(make(), '');
  assert.is(cacheOf(program), cache);
  assert.is(await rejected(live, { program }), 'false\n');

  rmSync(cache);
  mkdirSync(join(cache, 'in the way'), { recursive: true });
  assert.match(make(), /^marble-tls: warning: s6-tlsd will start more slowly, without a code cache: [^\n]+\n$/);
  await converse(live, { program });
});

test.run();
