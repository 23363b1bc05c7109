import type { Bytes } from '../../graph/vocabulary.ts';

/**
 * The host name that a ClientHello asks for (RFC 6066 §3), from the beginning of what a peer has sent; `undefined` when there is none, or
 * when its first record does not hold the whole message (RFC 8446 §4.1.2, §5.1).
 *
 * Only for what OpenSSL has accepted and does not tell: of a resumed session of TLS 1.2 it tells the name that the session was made
 * with, which Node never had it keep (Node 20 to 24, src/crypto/crypto_tls.cc, `SelectSNIContextCallback`).
 */
export function serverNameIn(sent: Bytes): string | undefined {
  try {
    const record = reader(sent);
    if (record.number(1) !== HANDSHAKE) return undefined;
    record.take(2);
    const message = reader(record.vector(2));
    if (message.number(1) !== CLIENT_HELLO) return undefined;
    const hello = reader(message.vector(3));
    hello.take(2 + 32);
    for (const lengthBytes of [1, 2, 1]) hello.vector(lengthBytes); // Session id, cipher suites, compression methods.
    const extensions = reader(hello.vector(2));
    while (extensions.left() > 0) {
      const type = extensions.number(2);
      const content = extensions.vector(2);
      if (type === SERVER_NAME) return hostNameIn(reader(reader(content).vector(2)));
    }
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined; // It ends before it says so itself.
    throw error;
  }
}

const hostNameIn = (names: Reader): string | undefined => {
  while (names.left() > 0) {
    const type = names.number(1);
    const name = names.vector(2);
    if (type === HOST_NAME) return String.fromCharCode(...name);
  }
  return undefined;
};

/** Reads from the front. Whoever asks for more than there is gets a RangeError. */
interface Reader {
  left(): number;
  take(length: number): Bytes;
  number(bytes: number): number;
  /** What has its length, of so many bytes, before it. */
  vector(lengthBytes: number): Bytes;
}

const reader = (bytes: Bytes): Reader => {
  let at = 0;
  const take = (length: number): Bytes => {
    if (at + length > bytes.length) throw new RangeError('too short');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const number = (length: number): number => take(length).reduce((value, byte) => value * 256 + byte, 0);
  return { left: () => bytes.length - at, take, number, vector: (lengthBytes) => take(number(lengthBytes)) };
};

/** RFC 8446 §5.1, §4, §4.2; RFC 6066 §3. */
const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;
const HOST_NAME = 0;
