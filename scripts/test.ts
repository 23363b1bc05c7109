// Runs the tests whose path matches one of the arguments (all of them without), and closes with one line that counts.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const patterns = process.argv.slice(2);
const uvu = ['node_modules/uvu/bin.js', '--no-color', 'test', `(${patterns.join('|') || '.'}).*\\.test\\.ts$`];
// It adds 25 ms to every start of Node, and the suite starts hundreds.
const environment = { ...process.env, NODE_EXTRA_CA_CERTS: '' };

const runner = spawn(process.execPath, ['--import', 'tsx', ...uvu], {
  env: environment,
  stdio: ['ignore', 'pipe', 'pipe'],
});

const count: Record<string, number> = {};
let skipped = 0;
createInterface(runner.stdout).on('line', (line) => {
  const [, name, number] = /^ {2}(Total|Passed|Skipped): +(\d+)$/.exec(line) ?? [];
  if (name !== undefined) count[name] = Number(number);
  process.stdout.write(`${line}\n`);
});
createInterface(runner.stderr).on('line', (line) => {
  if (line.startsWith('SKIPPED:') && !line.endsWith('in all')) skipped += 1;
  process.stderr.write(`${line}\n`);
});

runner.on('close', (code) => {
  const { Total: total = 0, Passed: passed = 0, Skipped: skippedByUvu = 0 } = count;
  skipped += skippedByUvu;
  // A file that dies on import ends the runner before it has counted anything.
  const failed = total - passed - skippedByUvu + (code !== 0 && total === passed + skippedByUvu ? 1 : 0);
  process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  process.exit(failed > 0 || total === 0 ? 1 : 0);
});
