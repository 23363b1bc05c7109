// Runs the test files whose path matches one of the arguments (all of them without), each in a process of its own, a few at
// a time, and closes with one line that counts. `TEST_JOBS` is how many at a time.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const patterns = process.argv.slice(2);
const jobs = Number(process.env['TEST_JOBS'] ?? availableParallelism() + 1);
const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)))
  // Real connections mostly wait: begin with them, and let the quick ones fill the gaps.
  .sort((a, b) => Number(b.startsWith('live')) - Number(a.startsWith('live')) || a.localeCompare(b));

const outcomes: Outcome[] = [];
const queue = [...files];
const work = async (): Promise<void> => {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) outcomes.push(await run(file));
};
await Promise.all(Array.from({ length: jobs }, work));

const sum = (of: keyof Outcome): number => outcomes.reduce((total, outcome) => total + outcome[of], 0);
const skips = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed${skips}\n`);
process.exitCode = sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;

async function run(file: string): Promise<Outcome> {
  const began = Date.now();
  const runner = spawn(process.execPath, ['--import', 'tsx', `test/${file}`], {
    // NODE_EXTRA_CA_CERTS adds 25 ms to every start of Node, and the suite starts hundreds.
    env: { ...process.env, NODE_EXTRA_CA_CERTS: '', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [runner.stdout, runner.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => runner.once('close', resolve));

  const number = (name: string): number => Number(new RegExp(`^ {2}${name}: +(\\d+)`, 'm').exec(output)?.[1] ?? 0);
  const skips = output.split('\n').filter((line) => line.startsWith('SKIPPED:') && !line.endsWith('in all'));
  const passed = number('Passed');
  const skipped = number('Skipped');
  // A file that dies before it has counted, or that forgot `test.run()`, has failed once. One that could only skip has not.
  const counted = /^ {2}Total:/m.test(output) && passed + skips.length > 0;
  const failed = number('Total') - passed - skipped || (code !== 0 || !counted ? 1 : 0);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  process.stdout.write(`${failed > 0 ? 'FAIL' : 'ok  '} ${file}  ${passed} passed  ${seconds} s\n`);
  if (failed > 0) process.stdout.write(`${output}\n`);
  else if (skips.length > 0) process.stderr.write(`${skips.join('\n')}\n`);
  return { passed, failed, skipped: skipped + skips.length };
}
