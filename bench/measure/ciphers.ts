import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CipherResult } from '../results.ts';
import { CIPHERS } from '../suites.ts';
import { whereIs } from '../where-is.ts';
import type { Stage } from './stage.ts';

/** `openssl speed` of each cipher on one core, which is the most that a terminator could do. Nothing without openssl(1). */
export async function measureCiphers({ plan, say }: Stage): Promise<readonly CipherResult[]> {
  const results: CipherResult[] = [];
  if (whereIs('openssl').length === 0) return results;
  for (const { name, evp } of CIPHERS) {
    say(`openssl speed -evp ${evp}`);
    const args = ['speed', '-mr', '-seconds', String(plan.cipherSeconds), '-bytes', '16384', '-evp', evp];
    const { stdout } = await promisify(execFile)('openssl', args, { timeout: 60_000 });
    const bytesPerSecond = /^\+F:.*:([\d.]+)$/m.exec(stdout)?.[1];
    if (bytesPerSecond === undefined) throw new Error(`openssl speed says nothing of ${evp}`);
    results.push({ cipher: name, megabytesPerSecond: Number(bytesPerSecond) / 1e6 });
  }
  return results;
}
