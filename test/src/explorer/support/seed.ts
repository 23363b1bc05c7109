import { basename } from 'node:path';

/** Of all that is random in a test file; told, so that a failure can be seen again with `SEED=`. */
export const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);

process.stderr.write(`${basename(process.argv[1] ?? '')}: SEED=${seed}\n`);
