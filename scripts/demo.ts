import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { issue } from '../test/support/issue.ts';
import { drawRows } from '../src/diagram/rows.ts';
import { meet, type Heard } from './demo/meet.ts';
import { paintFor } from './demo/paint.ts';
import { rowsOf } from './demo/rows.ts';
import { SCENES } from './demo/scenes.ts';

// Puts the program before a small shell script, meets it once with each closing policy, and draws what really happened.

const paint = paintFor(process.stdout, process.env);
const program = fileURLToPath(new URL('../dist/s6-tlsd.cjs', import.meta.url));
if (!existsSync(program)) execFileSync('node', [fileURLToPath(new URL('build.mjs', import.meta.url))]);

// Whoever reads us may have seen enough.
process.stdout.once('error', () => process.exit(0));

const directory = mkdtempSync(join(tmpdir(), 'marble-tls-demo-'));
process.once('exit', () => rmSync(directory, { recursive: true, force: true }));

const { key, cert } = issue({ subject: { CN: 'localhost' }, names: ['localhost'] });
const environment = {
  PATH: process.env['PATH'],
  KEYFILE: join(directory, 'key.pem'),
  CERTFILE: join(directory, 'certificate.pem'),
};
writeFileSync(environment.KEYFILE, key, { mode: 0o600 });
writeFileSync(environment.CERTFILE, cert);

say(
  'How five connections ended just now on 127.0.0.1, drawn from what the program and its peer told. Time runs to the right, not to scale.',
  'x y: data from the peer   a b: data from prog   N: close_notify   |: end (FIN on the wire, EOF in a pipe)',
  'T: TCP is let go of   0: how prog exited   (...): in the same moment',
);
for (const scene of SCENES) {
  const { heard, exitStatus } = await meet(scene, program, environment);
  say(
    '',
    paint.title(scene.title),
    scene.rule,
    '',
    paint.rows(indented(drawRows(rowsOf(heard)))),
    '',
    indented(verdictIn(heard)),
    indented(`exit status ${String(exitStatus)}`),
  );
}

/** The verdict line of the program itself. */
function verdictIn(heard: readonly Heard[]): string {
  const line = heard.map((each) => each.line).find((each) => each.includes(' info: closed: '));
  if (line === undefined) throw new Error(`no verdict in:\n${heard.map((each) => each.line).join('\n')}`);
  return line;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}

function say(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
