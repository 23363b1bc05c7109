// Prints what it is told to be bound to when its stdin says something, and then tells on stderr where fd 1 leads.
import { readlinkSync, writeSync } from 'node:fs';
import { printBound } from '../../../../src/resident/readiness.ts';

const tell = (what: string): void => void writeSync(2, `${what}\n`);

process.stdin.once('data', () => {
  printBound(process.argv[2] ?? '', (warning) => tell(`warning: ${warning}`));
  tell(`fd 1 is ${readlinkSync('/proc/self/fd/1')}`);
});
