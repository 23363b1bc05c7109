import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where PATH finds a program, in the order of PATH; a path is found where it is, or nowhere. */
export const whereIs = (program: string): readonly string[] =>
  (program.includes('/')
    ? [program]
    : (process.env['PATH'] ?? '').split(delimiter).map((directory) => join(directory, program))
  ).filter((path) => existsSync(path));
