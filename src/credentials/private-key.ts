import type { Buffer } from 'node:buffer';
import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { NamedPath } from '../environment/settings.ts';
import { looksLikePem, unusable } from './files.ts';

/** The private key in a file: PEM or DER; PKCS#8, PKCS#1 or SEC1. Throws a `Death` with 96 for anything else. */
export const readPrivateKey = (content: Buffer, path: NamedPath): KeyObject => {
  const isPem = looksLikePem(content);
  let isEncrypted = isPem && content.includes('ENCRYPTED');
  for (const encoding of isPem ? PEM : DER) {
    try {
      return createPrivateKey({ key: content, ...encoding });
    } catch (error) {
      // For DER only: of an encrypted PEM key Node 20 with OpenSSL 3.0 says `interrupted or cancelled`.
      isEncrypted ||= (error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE';
    }
  }
  throw unusable(path, isEncrypted ? 'the key is encrypted' : 'no private key in it');
};

const PEM = [{ format: 'pem' }] as const;
const DER = [
  { format: 'der', type: 'pkcs8' },
  { format: 'der', type: 'sec1' },
  { format: 'der', type: 'pkcs1' },
] as const;
