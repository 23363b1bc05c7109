// One bundled file a program: a UCSPI server starts us once per connection, and resolving modules costs more than running them.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildExplorer } from './build/explorer.mjs';
import { meowOnDemand, nodeOnDemand, plainPackage, rxjsModules } from './build/plugins.mjs';

const ROOT = new URL('../', import.meta.url);
const DIST = new URL('dist/', ROOT);
const { version } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'));

const bundle = (name, source, { define, ...more } = {}) =>
  build({
    entryPoints: { [name]: source },
    absWorkingDir: fileURLToPath(ROOT),
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    legalComments: 'linked',
    external: ['koffi', '@koromix/*'],
    define: { __VERSION__: JSON.stringify(version), 'import.meta.url': 'undefined', ...define },
    plugins: [rxjsModules, plainPackage],
    logLevel: 'warning',
    ...more,
  });

await bundle('s6-tlsd.program', 'bin/s6-tlsd.ts', {
  plugins: [
    rxjsModules,
    plainPackage,
    meowOnDemand,
    nodeOnDemand('node:child_process', 'node:module', 'node:os', 'node:v8'),
  ],
  minify: true, // 0.4 ms of reading it.
  // bin/start.ts calls this function.
  banner: { js: '(function (require, module, exports, __filename, __dirname) {' },
  footer: { js: '})' },
});
const program = new URL('s6-tlsd.program.cjs', DIST);
const hash = createHash('sha256').update(readFileSync(program)).digest('hex').slice(0, 16);
const define = { __PROGRAM__: JSON.stringify({ name: 's6-tlsd', hash }) };
const executable = { banner: { js: '#!/usr/bin/env node' } };
await bundle('s6-tlsd', 'bin/start.ts', { define, ...executable });
await bundle('code-cache', 'scripts/code-cache.ts', { define });
await bundle('s6-tlsserver', 'bin/s6-tlsserver.ts', executable);
await bundle('launcher', 'bin/launcher.ts', executable);
await bundle('keeper', 'bin/keeper.ts', executable);
await bundle('worker', 'bin/worker.ts', executable);
await bundle('marble-tls', 'bin/marble-tls.ts', executable);
await buildExplorer();
for (const name of ['s6-tlsd', 's6-tlsserver', 'launcher', 'keeper', 'worker', 'marble-tls'])
  chmodSync(new URL(`${name}.cjs`, DIST), 0o755);

for (const stale of readdirSync(DIST).filter((file) => file.endsWith('.cache'))) rmSync(new URL(stale, DIST));
execFileSync(process.execPath, [fileURLToPath(new URL('code-cache.cjs', DIST))], { stdio: 'inherit' });
