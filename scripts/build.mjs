// One bundled file a program: a UCSPI server starts us once per connection, and resolving modules costs more than running them.
import { build } from 'esbuild';
import { chmodSync, readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

await build({
  entryPoints: { 's6-tlsd': 'bin/s6-tlsd.ts', launcher: 'bin/launcher.ts', 'marble-tls': 'bin/marble-tls.ts' },
  absWorkingDir: new URL('..', import.meta.url).pathname,
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  legalComments: 'linked',
  external: ['koffi', '@koromix/*'],
  // CommonJS starts faster than ESM under Node 20, but has no import.meta, which meow's parser reads.
  define: { __VERSION__: JSON.stringify(version), 'import.meta.url': '__moduleUrl' },
  banner: { js: "#!/usr/bin/env node\nconst __moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  logLevel: 'warning',
});
for (const program of ['s6-tlsd', 'launcher', 'marble-tls'])
  chmodSync(new URL(`../dist/${program}.cjs`, import.meta.url), 0o755);
