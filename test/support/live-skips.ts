import { spawnSync } from 'node:child_process';

/**
 * Whether the program `tool` is installed. When it is not, says so loudly on fd 2 and counts it: a test that could not
 * run must never look like one that passed.
 */
export const installed = (tool: string, forWhat: string): boolean => {
  const found = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', tool]).status === 0;
  if (!found) skip(`${forWhat}: ${tool} is not installed`);
  return found;
};

/** Notes loudly that something could not be tested here. */
export const skip = (why: string): void => {
  count += 1;
  process.stderr.write(`SKIPPED: ${why}\n`);
};

let count = 0;

process.once('exit', () => {
  if (count > 0) process.stderr.write(`SKIPPED: ${String(count)} in all\n`);
});
