import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** The lines that `act` writes to fd 2 with writeSync. */
export function linesOnFd2(act: () => void): string[] {
  const { writeSync } = fs;
  let text = '';
  const caught = (fd: number, line: string): number => {
    if (fd !== 2) throw new Error(`fd ${fd} is none of its business`);
    text += line;
    return line.length;
  };
  fs.writeSync = caught as typeof writeSync;
  syncBuiltinESMExports();
  try {
    act();
  } finally {
    fs.writeSync = writeSync;
    syncBuiltinESMExports();
  }
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end');
  return text.split('\n').slice(0, -1);
}
