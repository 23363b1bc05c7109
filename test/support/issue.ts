import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import * as der from './der.ts';

/** A certificate and its key, both in PEM; the key is PKCS#8. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
  /** To sign others with. */
  readonly signer: Signer;
}

export interface Signer {
  readonly subject: Buffer;
  readonly privateKey: KeyObject;
}

export interface Order {
  /** Outermost first: `{ O: 'marble', CN: 'localhost' }`. */
  readonly subject: { readonly O?: string; readonly CN: string };
  /** Host names, IPv4 addresses, and `::1`. */
  readonly names?: readonly string[];
  readonly isAuthority?: boolean;
  /** Self-signed when left out. */
  readonly signer?: Signer;
  readonly algorithm?: 'P-256' | 'RSA';
  readonly from?: Date;
  /** Not after 2049. */
  readonly to?: Date;
}

/**
 * Issues a certificate for a new key: for demonstrations and tests, and nothing else.
 *
 * Node reads certificates but cannot make them, and a machine with only Node on it has no openssl(1). What has to be said
 * is little: RFC 5280 §4.1 in DER, with the extensions that `openssl verify -x509_strict` asks for.
 */
export function issue(order: Order): Identity {
  const { from = new Date('2020-01-01'), to = new Date('2049-01-01') } = order;
  const privateKey = newKey(order.algorithm ?? 'P-256');
  const subject = nameOf(order.subject);
  const signer = order.signer ?? { subject, privateKey };
  const signatureAlgorithm = signer.privateKey.asymmetricKeyType === 'rsa' ? RSA_SHA256 : ECDSA_SHA256;
  const toBeSigned = der.sequence(
    der.explicit(0, der.integer(Uint8Array.of(2))), // version 3
    der.integer(Uint8Array.of(1, ...randomBytes(8))),
    signatureAlgorithm,
    signer.subject,
    der.sequence(der.time(from), der.time(to)),
    subject,
    publicKeyOf(privateKey),
    der.explicit(3, der.sequence(...extensions(order, privateKey, signer))),
  );
  const signature = der.bitString(sign('sha256', toBeSigned, signer.privateKey));
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    cert: pem(der.sequence(toBeSigned, signatureAlgorithm, signature)),
    signer: { subject, privateKey },
  };
}

const newKey = (algorithm: 'P-256' | 'RSA'): KeyObject =>
  algorithm === 'RSA'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

const publicKeyOf = (privateKey: KeyObject): Buffer =>
  createPublicKey(privateKey).export({ format: 'der', type: 'spki' });

const nameOf = (subject: Order['subject']): Buffer =>
  der.sequence(
    ...Object.entries(subject).map(([type, text]) =>
      der.set(der.sequence(ATTRIBUTES[type as keyof typeof ATTRIBUTES], der.utf8(text))),
    ),
  );

const extensions = (
  { isAuthority = false, names = [] }: Order,
  privateKey: KeyObject,
  signer: Signer,
): readonly Buffer[] => [
  critical('2.5.29.19', der.sequence(...(isAuthority ? [der.boolean(true)] : []))), // basicConstraints
  ...(isAuthority ? [critical('2.5.29.15', KEY_CERT_SIGN_AND_CRL_SIGN)] : []), // keyUsage
  extension('2.5.29.14', der.octetString(keyIdentifier(privateKey))), // subjectKeyIdentifier
  extension('2.5.29.35', der.sequence(der.implicit(0, keyIdentifier(signer.privateKey)))), // authorityKeyIdentifier
  ...(names.length === 0 ? [] : [extension('2.5.29.17', der.sequence(...names.map(alternativeName)))]), // subjectAltName
];

const extension = (id: string, value: Buffer): Buffer => der.sequence(der.identifier(id), der.octetString(value));

const critical = (id: string, value: Buffer): Buffer =>
  der.sequence(der.identifier(id), der.boolean(true), der.octetString(value));

/** Any 20 bytes that go with the key will do (RFC 7093 §2). */
const keyIdentifier = (privateKey: KeyObject): Buffer =>
  createHash('sha256').update(publicKeyOf(privateKey)).digest().subarray(0, 20);

const alternativeName = (name: string): Buffer => {
  if (name === '::1') return der.implicit(7, Uint8Array.of(...new Uint8Array(15), 1));
  return isIP(name) === 4
    ? der.implicit(7, Uint8Array.from(name.split('.').map(Number)))
    : der.implicit(2, Buffer.from(name));
};

const pem = (bytes: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64').replaceAll(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

const ATTRIBUTES = { CN: der.identifier('2.5.4.3'), O: der.identifier('2.5.4.10') };
const ECDSA_SHA256 = der.sequence(der.identifier('1.2.840.10045.4.3.2'));
const RSA_SHA256 = der.sequence(der.identifier('1.2.840.113549.1.1.11'), Uint8Array.of(5, 0)); // and NULL
const KEY_CERT_SIGN_AND_CRL_SIGN = der.bitString(Uint8Array.of(0b0000_0110), 1);
