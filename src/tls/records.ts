import type { Bytes } from '../../graph/vocabulary.ts';

/**
 * Follows the record layer over a ciphertext stream that comes in any pieces (RFC 8446 §5.1: type, version, length, then
 * `length` bytes), for the one thing that TLS itself does not tell: whether a FIN cut a record in two.
 */
export interface RecordTracker {
  /** Takes the next piece of the stream. */
  follow(chunk: Bytes): void;
  /** Bytes missing before the current record, or its header, is whole; 0 between records. */
  readonly missing: number;
}

/** Holds six numbers, whatever the length of the stream. */
export function trackRecords(): RecordTracker {
  let missing = 0;
  let header = 0;
  let length = 0;

  return {
    follow(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (missing > 0) {
          const step = Math.min(missing, chunk.length - at);
          missing -= step;
          at += step;
          continue;
        }
        const byte = chunk[at] ?? 0;
        if (header === 3) length = byte << 8;
        if (header === 4) missing = length | byte;
        header = (header + 1) % HEADER;
        at += 1;
      }
    },
    get missing() {
      return missing > 0 ? missing : header > 0 ? HEADER - header : 0;
    },
  };
}

/** Bytes. */
const HEADER = 5;
