import type { PairPaths, Settings } from '../environment/settings.ts';
import { loadAnchors } from './anchors.ts';
import { readCertificates } from './certificates.ts';
import type { Credentials, KeyPair } from './credentials.ts';
import { readNamed, unusable } from './files.ts';
import { readPrivateKey } from './private-key.ts';

/**
 * Reads every file that the settings name, synchronously: this runs as root, before privileges are dropped, and before
 * the network is touched. Throws a `Death` that names the variable and the file: 111 for one that cannot be read, 96
 * for one that cannot be used, for a certificate that is not the key's, and for an empty set of anchors.
 */
export const loadCredentials = (settings: Settings): Credentials => ({
  ...(settings.defaultPair && { defaultPair: loadPair(settings.defaultPair) }),
  namedPairs: settings.namedPairs.map((paths) => ({ serverName: paths.serverName, ...loadPair(paths) })),
  anchors: settings.anchors === undefined ? [] : loadAnchors(settings.anchors),
});

const loadPair = ({ key: keyPath, certificates: chainPath }: PairPaths): KeyPair => {
  const key = readPrivateKey(readNamed(keyPath), keyPath);
  const [leaf, ...chain] = readCertificates(readNamed(chainPath), chainPath);
  if (leaf === undefined) throw unusable(chainPath, 'no certificate in it');
  if (!leaf.checkPrivateKey(key)) {
    throw unusable(chainPath, `its first certificate is not for the key in ${keyPath.variable} ${keyPath.path}`);
  }
  return {
    key: key.export({ format: 'pem', type: 'pkcs8' }).toString(),
    certificates: [leaf, ...chain].map(String).join(''),
    from: { key: keyPath, certificates: chainPath },
  };
};
