import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/**
 * A self-signed certificate for some host names and its key, in PEM: for demonstrations and nothing else.
 *
 * Node reads certificates but cannot make them, and a machine with only Node on it has no openssl(1). What has to be said
 * is little: RFC 5280 §4.1 in DER, once, with one algorithm (ECDSA on P-256 with SHA-256).
 */
export function selfSigned(names: readonly [string, ...string[]]): {
  readonly key: string;
  readonly certificate: string;
} {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const toBeSigned = sequence(
    tagged(0, integer(Uint8Array.of(2))), // version 3
    integer(Uint8Array.of(1, ...randomBytes(8))),
    ECDSA_WITH_SHA256,
    nameOf(names[0]),
    sequence(utcTime('200101000000Z'), utcTime('491231235959Z')),
    nameOf(names[0]),
    spkiOf(publicKey),
    tagged(3, sequence(alternativeNames(names))),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    certificate: pem(sequence(toBeSigned, ECDSA_WITH_SHA256, bitString(signature))),
  };
}

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...size), content]);
};

const integer = (bytes: Uint8Array): Buffer => der(0x02, bytes);
const bitString = (bytes: Uint8Array): Buffer => der(0x03, Uint8Array.of(0), bytes);
const octetString = (bytes: Uint8Array): Buffer => der(0x04, bytes);
const identifier = (...bytes: readonly number[]): Buffer => der(0x06, Uint8Array.from(bytes));
const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text));
const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text));
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const tagged = (number: number, content: Uint8Array): Buffer => der(0xa0 + number, content);

/** CN=name, and nothing besides. */
const nameOf = (name: string): Buffer => sequence(der(0x31, sequence(identifier(0x55, 4, 3), utf8(name))));

const alternativeNames = (names: readonly string[]): Buffer =>
  sequence(identifier(0x55, 0x1d, 0x11), octetString(sequence(...names.map((name) => der(0x82, Buffer.from(name))))));

const spkiOf = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' });

const pem = (bytes: Buffer): string =>
  ['-----BEGIN CERTIFICATE-----', ...(bytes.toString('base64').match(/.{1,64}/g) ?? []), '-----END CERTIFICATE-----', ''].join('\n'); // prettier-ignore

const ECDSA_WITH_SHA256 = sequence(identifier(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2));
