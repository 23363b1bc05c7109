import { Death } from '../messages.ts';
import type { Environment, NamedPairPaths } from './settings.ts';

/**
 * The key pairs for server names: `KEYFILE:name` with `CERTFILE:name`, in the order of their names. Throws a
 * {@link Death} with 100 for half a pair, for a name that no client could ask for, and for one name spelt twice:
 * host names know no case (RFC 6066 §3), variables do.
 */
export const collectNamedPairs = (env: Environment): readonly NamedPairPaths[] => {
  const keys = halves(env, 'KEYFILE');
  const certificates = halves(env, 'CERTFILE');
  return [...new Set([...keys.keys(), ...certificates.keys()])].sort().map((serverName) => {
    const [key, certificate] = [keys.get(serverName), certificates.get(serverName)];
    if (key === undefined) throw lonely('CERTFILE', 'KEYFILE', serverName);
    if (certificate === undefined) throw lonely('KEYFILE', 'CERTFILE', serverName);
    return { serverName, key, certificates: certificate };
  });
};

const halves = (env: Environment, prefix: string): ReadonlyMap<string, NamedPairPaths['key']> => {
  const found = new Map<string, NamedPairPaths['key']>();
  for (const [variable, path = ''] of Object.entries(env)) {
    if (path === '' || !variable.startsWith(`${prefix}:`)) continue;
    const serverName = variable.slice(prefix.length + 1).toLowerCase();
    if (!isServerName(serverName)) throw refused(`${variable} does not end in a server name or *.domain`);
    if (found.has(serverName)) throw refused(`${prefix}:${serverName} is set twice, in different case`);
    found.set(serverName, { variable, path });
  }
  return found;
};

/** Letters, digits, hyphens inside, and the underscore that is seen in practice; `*` for the whole first label only. */
const isServerName = (name: string): boolean =>
  name.length <= 253 && /^(?:\*\.)?(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*$/.test(name);

const lonely = (set: string, unset: string, serverName: string): Death =>
  refused(`${set}:${serverName} is set, ${unset}:${serverName} is not`);

const refused = (reason: string): Death => new Death('environment', { reason });
