import type { NamedPath } from '../environment/settings.ts';

/** A private key and the chain that vouches for it, known to fit each other. Plain data: it can cross a process. */
export interface KeyPair {
  /** PEM, PKCS#8, not encrypted. */
  readonly key: string;
  /** PEM, the leaf first. */
  readonly certificates: string;
  /** Where the two came from, for messages. */
  readonly from: { readonly key: NamedPath; readonly certificates: NamedPath };
}

export interface NamedKeyPair extends KeyPair {
  /** Lower case; the first label may be `*`. */
  readonly serverName: string;
}

/** All that had to be read as root. */
export interface Credentials {
  readonly defaultPair?: KeyPair;
  readonly namedPairs: readonly NamedKeyPair[];
  /** Whom client certificates must lead to, one PEM text each; empty when there are no client certificates. */
  readonly anchors: readonly string[];
}
