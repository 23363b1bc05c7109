import { createCipheriv, createHash } from 'node:crypto';

/**
 * A long stream in which no two places look alike, so that bytes lost, repeated or out of order change its hash; cheap
 * to make in this process and, with {@link STREAM_COMMAND}, in another.
 */
export function* stream(length: number): Generator<Buffer> {
  const cipher = createCipheriv('aes-128-ctr', Buffer.from(KEY, 'hex'), Buffer.from(KEY, 'hex'));
  for (let left = length; left > 0; left -= CHUNK) {
    const zeros = left >= CHUNK ? ZEROS : ZEROS.subarray(0, left);
    yield cipher.update(zeros);
  }
}

/** SHA-256 of {@link stream}. */
export const streamDigest = (length: number): string => {
  let digest = digests.get(length);
  if (digest === undefined) {
    const hash = createHash('sha256');
    for (const chunk of stream(length)) hash.update(chunk);
    digest = hash.digest('hex');
    digests.set(length, digest);
  }
  return digest;
};

export const GIBIBYTE = 1 << 30;
const KEY = '000102030405060708090a0b0c0d0e0f';
const CHUNK = 1 << 18;
const ZEROS = Buffer.alloc(CHUNK);

const SCRIPT = `
  const key = Buffer.from("${KEY}", "hex");
  const cipher = require("node:crypto").createCipheriv("aes-128-ctr", key, key);
  const zeros = Buffer.alloc(${CHUNK});
  for (let left = Number(process.argv[1]); left > 0; left -= zeros.length) {
    let chunk = cipher.update(zeros.subarray(0, left));
    while (chunk.length > 0) chunk = chunk.subarray(require("node:fs").writeSync(1, chunk));
  }`;

/** A shell command that writes `$1` bytes of {@link stream}. Node does it, because every machine that runs the tests has that. */
export const STREAM_COMMAND = `'${process.execPath}' -e '${SCRIPT}' "$1"`;

const digests = new Map<number, string>();
