import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate and its key, both in PEM; the key is PKCS#8. */
export interface Issued {
  readonly key: string;
  readonly certificate: string;
  /** To sign others with. */
  readonly signer: Signer;
}

export interface Signer {
  readonly subject: Buffer;
  readonly privateKey: KeyObject;
}

export interface Order {
  /** Outermost first: `{ O: 'marble', CN: 'localhost' }`. */
  readonly subject: Readonly<Partial<Record<'O' | 'CN', string>>>;
  /** Host names, IPv4 addresses, and `::1`. */
  readonly names?: readonly string[];
  readonly isAuthority?: boolean;
  /** Self-signed when left out. */
  readonly signer?: Signer;
  readonly algorithm?: 'P-256' | 'RSA';
  readonly from?: Date;
  readonly to?: Date;
}

/**
 * Issues a certificate for a new key: for demonstrations and tests, and nothing else.
 *
 * Node reads certificates but cannot make them, and a machine with only Node on it has no openssl(1). What has to be said
 * is little: RFC 5280 §4.1 in DER.
 */
export function issue(order: Order): Issued {
  const {
    algorithm = 'P-256',
    isAuthority = false,
    names = [],
    from = new Date('2020-01-01'),
    to = new Date('2049-01-01'),
  } = order;
  const { privateKey, publicKey } = newKey(algorithm);
  const subject = nameOf(order.subject);
  const signer = order.signer ?? { subject, privateKey };
  const signatureAlgorithm = signer.privateKey.asymmetricKeyType === 'rsa' ? RSA_SHA256 : ECDSA_SHA256;
  const toBeSigned = sequence(
    tagged(0, integer(Uint8Array.of(2))), // version 3
    integer(Uint8Array.of(1, ...randomBytes(8))),
    signatureAlgorithm,
    signer.subject,
    sequence(time(from), time(to)),
    subject,
    publicKey.export({ format: 'der', type: 'spki' }),
    tagged(3, sequence(basicConstraints(isAuthority), ...(names.length === 0 ? [] : [alternativeNames(names)]))),
  );
  const signature = bitString(sign('sha256', toBeSigned, signer.privateKey));
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    certificate: pem(sequence(toBeSigned, signatureAlgorithm, signature)),
    signer: { subject, privateKey },
  };
}

const newKey = (algorithm: 'P-256' | 'RSA') =>
  algorithm === 'RSA'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ec', { namedCurve: 'P-256' });

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...size), content]);
};

const boolean = (value: boolean): Buffer => der(0x01, Uint8Array.of(value ? 0xff : 0));
const integer = (bytes: Uint8Array): Buffer => der(0x02, bytes);
const bitString = (bytes: Uint8Array): Buffer => der(0x03, Uint8Array.of(0), bytes);
const octetString = (bytes: Uint8Array): Buffer => der(0x04, bytes);
const identifier = (...bytes: readonly number[]): Buffer => der(0x06, Uint8Array.from(bytes));
const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text));
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const set = (...parts: readonly Uint8Array[]): Buffer => der(0x31, ...parts);
const tagged = (number: number, content: Uint8Array): Buffer => der(0xa0 + number, content);

/** UTCTime, which is for years before 2050. */
const time = (date: Date): Buffer =>
  der(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`));

const nameOf = (subject: Order['subject']): Buffer =>
  sequence(
    ...Object.entries(subject).map(([type, text]) =>
      set(sequence(identifier(0x55, 4, ATTRIBUTES[type as keyof typeof ATTRIBUTES]), utf8(text))),
    ),
  );

const basicConstraints = (isAuthority: boolean): Buffer =>
  sequence(identifier(0x55, 0x1d, 0x13), boolean(true), octetString(sequence(...(isAuthority ? [boolean(true)] : []))));

const alternativeNames = (names: readonly string[]): Buffer =>
  sequence(identifier(0x55, 0x1d, 0x11), octetString(sequence(...names.map(alternativeName))));

const alternativeName = (name: string): Buffer => {
  if (name === '::1') return der(0x87, new Uint8Array(15), Uint8Array.of(1));
  return isIP(name) === 4 ? der(0x87, Uint8Array.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name));
};

const pem = (bytes: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64').replaceAll(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

const ATTRIBUTES = { CN: 3, O: 10 };
const ECDSA_SHA256 = sequence(identifier(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2));
const RSA_SHA256 = sequence(identifier(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11), der(0x05));
