import type { Buffer } from 'node:buffer';
import { X509Certificate } from 'node:crypto';
import type { NamedPath } from '../environment/settings.ts';
import { looksLikePem, unusable } from './files.ts';

/**
 * The certificates in a file, in its order: one in DER, or any number in PEM, with whatever text or keys stand between
 * them. Throws a `Death` with 96 when one of them, or the file as a whole, is nothing of the kind. May be empty: a PEM
 * file can hold other things.
 */
export const readCertificates = (content: Buffer, path: NamedPath): readonly X509Certificate[] => {
  if (!looksLikePem(content)) return [parse(content, path, 'no certificate in it')];
  const blocks = certificateBlocks(content);
  if (blocks === undefined) throw unusable(path, 'a certificate in it is cut short');
  return blocks.map((block, index) => parse(block, path, `its certificate ${String(index + 1)} is damaged`));
};

/** The certificates in PEM, each as it stands; `undefined` when one of them has no end. */
export const certificateBlocks = (pem: Buffer): readonly string[] | undefined => {
  const text = pem.toString('latin1');
  const blocks = text.match(BLOCK) ?? [];
  return blocks.length === (text.match(BEGIN) ?? []).length ? blocks : undefined;
};

const parse = (encoded: Buffer | string, path: NamedPath, reason: string): X509Certificate => {
  try {
    return new X509Certificate(encoded);
  } catch {
    // What OpenSSL says here (`asn1 encoding routines::wrong tag`) helps nobody who looks for a mistake in a file.
    throw unusable(path, reason);
  }
};

const BEGIN = /-----BEGIN (?:X509 )?CERTIFICATE-----/g;
const BLOCK = /-----BEGIN (?:X509 )?CERTIFICATE-----[^-]*-----END (?:X509 )?CERTIFICATE-----/g;
