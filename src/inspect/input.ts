import { createReadStream } from 'node:fs';
import { systemReason } from '../messages.ts';
import { inputFrom, type Input } from './input-from.ts';
import { Trouble } from './trouble.ts';

/**
 * Reads a trace or a diagram.
 *
 * @param path `-` is stdin.
 * @throws Trouble
 */
export async function readInput(path: string, stdin: AsyncIterable<Buffer | string>): Promise<Input> {
  const file = path === '-' ? 'stdin' : path;
  return inputFrom(file, await contentOf(file, path === '-' ? stdin : createReadStream(path)));
}

async function contentOf(file: string, source: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of source) {
      const read = Buffer.from(chunk);
      bytes += read.byteLength;
      // A device may have no end, and a string of Node has one.
      if (bytes > MOST_BYTES) throw new Trouble(`${file}: more than ${MOST_BYTES} bytes`);
      chunks.push(read);
    }
  } catch (error) {
    if (error instanceof Trouble) throw error;
    throw new Trouble(`unable to read ${file}: ${systemReason(error)}`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** 128 MiB. */
const MOST_BYTES = 134_217_728;
