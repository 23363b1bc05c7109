import { Buffer } from 'node:buffer';
import type { PairPaths, Settings } from '../environment/settings.ts';
import { Death } from '../messages.ts';
import type { Options } from '../options/options.ts';
import { certificateBlocks } from './certificates.ts';
import { secureContexts, type SecureContexts } from './contexts.ts';
import type { KeyPair } from './credentials.ts';
import { looksLikePem, readNamed } from './files.ts';
import { loadCredentials } from './load.ts';

/**
 * Reads what the settings name and hands it to OpenSSL; throws what {@link loadCredentials} and {@link secureContexts} throw.
 *
 * Nearly always there is one pair, in PEM, in order, and OpenSSL alone can tell: examining each file before takes 2 ms of every
 * connection. So they are examined only when OpenSSL refuses them, or when they are something else.
 */
export const openContexts = (settings: Settings, options: Options): SecureContexts =>
  unexamined(settings, options) ?? secureContexts(loadCredentials(settings), options);

const unexamined = ({ defaultPair, namedPairs, anchors }: Settings, options: Options): SecureContexts | undefined => {
  if (defaultPair === undefined || namedPairs.length > 0 || anchors !== undefined) return undefined;
  const pair = asItIs(defaultPair);
  try {
    return pair && secureContexts({ defaultPair: pair, namedPairs: [], anchors: [] }, options);
  } catch (error) {
    if (error instanceof Death) return undefined; // The examination finds a better reason.
    throw error;
  }
};

const asItIs = (from: PairPaths): KeyPair | undefined => {
  const [key, certificates] = [readNamed(from.key), readNamed(from.certificates)];
  if (!looksLikePem(key) || !looksLikePem(certificates)) return undefined;
  const [leaf, ...chain] = certificateBlocks(certificates) ?? [];
  if (leaf === undefined || !sameAlgorithm(key, leaf)) return undefined;
  return { key: key.toString('latin1'), certificates: [leaf, ...chain].join('\n'), from };
};

/**
 * Whether both are surely for the same algorithm, RSA or ECDSA. OpenSSL keeps a pair for each algorithm, and finds nothing wrong with a
 * key of the one beside a certificate of the other; of the same algorithm, it looks whether they belong together.
 */
const sameAlgorithm = (key: Buffer, leaf: string): boolean => {
  const pkcs8 = PRIVATE_KEY.exec(key.toString('latin1'))?.[1];
  if (pkcs8 === undefined) return false;
  const [privateKey, certificate] = [pkcs8, leaf.replace(BOUNDARY, '')].map((base64) => Buffer.from(base64, 'base64'));
  return ALGORITHMS.some((oid) => privateKey?.includes(oid) === true && certificate?.includes(oid) === true);
};

/** PKCS#8, RFC 7468 §10; the older forms do not name the algorithm in the same way. */
const PRIVATE_KEY = /-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----/;
const BOUNDARY = /-----[^-]*-----/g;
/** Of public keys, RFC 3279 §2.3.1 and §2.3.5, in DER: rsaEncryption, ecPublicKey. Algorithms of signatures have others. */
const ALGORITHMS = ['06092a864886f70d010101', '06072a8648ce3d0201'].map((hex) => Buffer.from(hex, 'hex'));
