import { Death } from '../messages.ts';
import type { Options } from '../options/options.ts';
import { LAST_ID } from '../privileges.ts';
import { collectNamedPairs } from './server-names.ts';

/** A file or directory, and the variable that named it: people look for the mistake in the one or the other. */
export interface NamedPath {
  readonly variable: string;
  readonly path: string;
}

export interface PairPaths {
  readonly key: NamedPath;
  readonly certificates: NamedPath;
}

export interface NamedPairPaths extends PairPaths {
  /** Lower case; the first label may be `*`. */
  readonly serverName: string;
}

/** What the environment asks for, of all that the options need; nothing else is looked at. */
export interface Settings {
  /** Absent under `-k 2`. */
  readonly defaultPair?: PairPaths;
  readonly namedPairs: readonly NamedPairPaths[];
  /** Present under `-Y` and `-y`. */
  readonly anchors?: NamedPath & { readonly kind: 'directory' | 'file' };
  /** Who handles bytes from the network; read as root only, and each may be set alone. */
  readonly uid?: number;
  readonly gid?: number;
  /** Name of the file that gets the trace, before its `%p` is put in. */
  readonly trace?: string;
  /** The same for the session keys. */
  readonly keyLog?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads our variables (s6-tlsd-io, "Environment variables"); throws a {@link Death} with 100 for what is missing or
 * makes no sense. A variable that holds nothing counts as unset: no file has the empty name. `CADIR` is preferred to
 * `CAFILE`, as in the reference.
 */
export const parseEnvironment = (env: Environment, options: Options, isRoot: boolean): Settings => ({
  ...(options.sniLevel < 2 && { defaultPair: defaultPair(env) }),
  namedPairs: options.sniLevel === 0 ? [] : namedPairs(env, options),
  ...(options.clientCertificate !== 'none' && { anchors: anchors(env) }),
  ...(isRoot && { ...identity(env, 'TLS_UID', 'uid'), ...identity(env, 'TLS_GID', 'gid') }),
  ...fileName('trace', options.trace, env['MARBLE_TLS_TRACE']),
  ...fileName('keyLog', options.keyLog, env['SSLKEYLOGFILE']),
});

const defaultPair = (env: Environment): PairPaths => ({
  key: required(env, 'KEYFILE'),
  certificates: required(env, 'CERTFILE'),
});

const required = (env: Environment, variable: string): NamedPath => {
  const path = env[variable] ?? '';
  if (path === '') throw new Death('environment', { reason: `${variable} is not set` });
  return { variable, path };
};

const namedPairs = (env: Environment, { sniLevel }: Options): readonly NamedPairPaths[] => {
  const pairs = collectNamedPairs(env);
  if (sniLevel === 2 && pairs.length === 0) {
    throw new Death('environment', { reason: 'no KEYFILE:name and CERTFILE:name are set, which -k 2 needs' });
  }
  return pairs;
};

const anchors = (env: Environment): NonNullable<Settings['anchors']> => {
  const { CADIR: directory = '', CAFILE: file = '' } = env;
  if (directory !== '') return { kind: 'directory', variable: 'CADIR', path: directory };
  if (file !== '') return { kind: 'file', variable: 'CAFILE', path: file };
  throw new Death('environment', {
    reason: 'neither CADIR nor CAFILE is set, and client certificates need one of them',
  });
};

const identity = <Key extends 'uid' | 'gid'>(env: Environment, variable: string, key: Key): { [K in Key]?: number } => {
  const text = env[variable];
  if (text === undefined) return {};
  if (!/^[0-9]+$/.test(text) || Number(text) > LAST_ID) {
    throw new Death('environment', { reason: `${variable} is not a number from 0 to ${String(LAST_ID)}: ${text}` });
  }
  return { [key]: Number(text) } as { [K in Key]?: number };
};

/** What the command line says goes before what the environment says. */
const fileName = <Key extends 'trace' | 'keyLog'>(
  key: Key,
  option: string | undefined,
  variable = '',
): { [K in Key]?: string } => {
  const name = option ?? variable;
  return (name === '' ? {} : { [key]: name }) as { [K in Key]?: string };
};
