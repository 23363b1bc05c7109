import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { OPTIONS } from '../../../src/options/options.ts';
import { SERVER_OPTIONS } from '../../../src/options/server-options.ts';

const directory = mkdtempSync(join(tmpdir(), 'marble-tls-bundle-'));
const bundle = join(directory, 'parse.cjs');

test.before(() =>
  build({
    stdin: {
      contents: `import { parseOptions } from './src/options/parse.ts';
        process.stderr.write(JSON.stringify(parseOptions(process.argv.slice(2))));`,
      resolveDir: new URL('../../..', import.meta.url).pathname,
    },
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // As in `scripts/build.mjs`: meow asks for the place of its module while it loads, and CommonJS has no answer.
    define: { __VERSION__: '"1.2.3"', 'import.meta.url': '"file:///s6-tlsd"' },
    logLevel: 'silent',
  }).then(() => undefined),
);
test.after(() => rmSync(directory, { recursive: true }));

test('the command line is parsed in a CommonJS bundle too', () => {
  assert.equal(parsedByBundle('-SK5', 'prog', '-s').prog, ['prog', '-s']);
  assert.equal(parsedByBundle('-SK5', 'prog', '-s').options?.policy, 'S');
});

test('a bundle knows its version', () => {
  assert.is(parsedByBundle('--version').text, 's6-tlsd 1.2.3\n');
});

test('nothing is read from the disk for --help, and nothing is written to fd 1', () => {
  assert.match(parsedByBundle('--help').text ?? '', /Usage\n\s+s6-tlsd/);
});

test('s6-tlsd, which starts once a connection, does not carry what only s6-tlsserver knows', () => {
  const text = readFileSync(bundle, 'utf8');
  const own = new Set(OPTIONS.map(({ long }) => long));
  for (const { long } of OPTIONS) assert.ok(text.includes(`"${long}"`), long);
  for (const { long } of SERVER_OPTIONS) if (!own.has(long)) assert.not.ok(text.includes(`"${long}"`), long);
  assert.not.ok(text.includes('s6-tlsserver'));
});

interface Parsed {
  readonly prog?: readonly string[];
  readonly options?: { readonly policy: string };
  readonly text?: string;
}

/** Run in an empty directory; what it has parsed comes back on fd 2. */
const parsedByBundle = (...argv: readonly string[]): Parsed => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [bundle, ...argv], {
    cwd: directory,
    env: {},
    encoding: 'utf8',
    timeout: 20_000,
  });
  assert.is(stdout, '');
  assert.is(status, 0, stderr);
  return JSON.parse(stderr) as Parsed;
};

test.run();
