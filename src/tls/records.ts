import type { Bytes } from '../../graph/vocabulary.ts';

/**
 * Follows the record layer over a ciphertext stream that comes in any pieces (RFC 8446 §5.1: type, version, length, then
 * `length` bytes), for what TLS itself does not tell: where records end, and whether a FIN cut one in two.
 */
export interface RecordTracker {
  /** Takes the next piece of the stream. */
  follow(chunk: Bytes): void;
  /** Bytes missing before the current record, or its header, is whole; 0 between records. */
  readonly missing: number;
  /** Bytes of the current record that have come, its header included; 0 between records. */
  readonly begun: number;
}

/** Is told of a record when its last byte has come: its type in clear, and the bytes behind its header. */
export type RecordListener = (type: number, length: number) => void;

/** Holds six numbers, whatever the length of the stream. */
export function trackRecords(whole?: RecordListener): RecordTracker {
  let missing = 0;
  let header = 0;
  let type = 0;
  let length = 0;

  return {
    follow(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (missing > 0) {
          const step = Math.min(missing, chunk.length - at);
          missing -= step;
          at += step;
        } else {
          const byte = chunk[at] ?? 0;
          if (header === 0) type = byte;
          if (header === 3) length = byte << 8;
          if (header === 4) missing = length += byte;
          header += 1;
          at += 1;
        }
        if (header === RECORD_HEADER && missing === 0) {
          header = 0;
          whole?.(type, length);
        }
      }
    },
    get missing() {
      return missing > 0 ? missing : header > 0 ? RECORD_HEADER - header : 0;
    },
    get begun() {
      return missing > 0 ? RECORD_HEADER + length - missing : header;
    },
  };
}

/** Bytes. */
export const RECORD_HEADER = 5;
