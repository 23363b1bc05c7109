import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { issue } from '../test/support/issue.ts';
import { meet } from './demo/meet.ts';
import { ownScene, SCENES, type Scene } from './demo/scenes.ts';

// Puts s6-tlsd before a program, meets it over TLS on 127.0.0.1 with a trace, and has marble-tls draw the trace: five scenes; or,
// with arguments, the one connection that they ask for, to which the peer says what stands on stdin.

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const [tlsd, marbleTls] = [here('../dist/s6-tlsd.cjs'), here('../dist/marble-tls.cjs')];
if (!existsSync(tlsd) || !existsSync(marbleTls)) execFileSync('node', [here('build.mjs')]);
const [trace, page] = ['../dist/demo.jsonl', '../dist/demo.html'].map((path) => relative(process.cwd(), here(path)));
if (trace === undefined || page === undefined) throw new TypeError('two files');
rmSync(trace, { force: true });

// Whoever reads us may have seen enough.
process.stdout.once('error', () => process.exit(0));

const directory = mkdtempSync(join(tmpdir(), 'marble-tls-demo-'));
process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
const { key, cert } = issue({ subject: { CN: 'localhost' }, names: ['localhost'] });
const environment = {
  ...process.env,
  KEYFILE: join(directory, 'key.pem'),
  CERTFILE: join(directory, 'certificate.pem'),
  NODE_EXTRA_CA_CERTS: '',
};
writeFileSync(environment.KEYFILE, key, { mode: 0o600 });
writeFileSync(environment.CERTFILE, cert);

const words = process.argv.slice(2);
if (words.length === 0) {
  say('How five connections ended just now on 127.0.0.1, drawn from the traces that s6-tlsd wrote.');
  let connection = 0;
  for (const scene of SCENES) {
    say('', scene.title, scene.rule, '');
    await met(scene);
    connection += 1;
    show('render', '--connection', String(connection), trace);
  }
} else {
  await met(ownScene(words, process.stdin));
  process.stdin.destroy();
  say('');
  show('render', trace);
  say('');
  show('explain', trace);
}
show('render', '--format', 'html', '-o', page, trace);
say('', `As a page: ${page}. The trace: ${trace}; try  npx marble-tls explain ${trace}`);

async function met(scene: Pick<Scene, 'protocol' | 'act' | 'options' | 'prog'>): Promise<void> {
  const options = ['--trace', trace ?? '', ...scene.options];
  const status = await meet(scene, { command: [tlsd, ...options, ...scene.prog], environment });
  // No connection was begun, for a reason that has been told; or its trace went elsewhere.
  if (!existsSync(trace ?? '')) process.exit(typeof status === 'number' ? status : 1);
}

/** What a person would type. */
function show(...command: readonly string[]): void {
  execFileSync(process.execPath, [marbleTls, ...command], { stdio: ['ignore', 'inherit', 'inherit'] });
}

function say(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
