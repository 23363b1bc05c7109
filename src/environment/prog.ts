import type { Handshake } from '../../graph/vocabulary.ts';
import { Death } from '../messages.ts';
import { escapeBytes } from '../one-line.ts';
import type { Options } from '../options/options.ts';
import type { Environment } from './settings.ts';

/** The variables that tell prog about the connection: always these five, set or absent. */
export const TLS_VARIABLES = [
  'SSL_PROTOCOL',
  'SSL_CIPHER',
  'SSL_TLS_SNI_SERVERNAME',
  'SSL_PEER_CERT_HASH',
  'SSL_PEER_CERT_SUBJECT',
] as const;

export type TlsVariables = Readonly<Record<(typeof TLS_VARIABLES)[number], string | undefined>>;

/** The same before there is a handshake: what a launcher is given while it can still be told freely. */
export const baseEnvironment = (env: Environment, options: Options): Record<string, string> =>
  environmentWith(env, options, NO_HANDSHAKE);

/** The environment that prog runs in: {@link environmentWith} what the handshake says. */
export const progEnvironment = (env: Environment, options: Options, handshake: Handshake): Record<string, string> =>
  environmentWith(env, options, tlsVariables(handshake));

/**
 * `env` without our own variables (unless `-Z`), and with exactly the given five: one that is undefined is removed, so
 * that nothing inherited can pose as what the handshake said.
 */
export const environmentWith = (
  env: Environment,
  { keepEnvironment }: Options,
  variables: TlsVariables,
): Record<string, string> => {
  const kept = Object.entries(env).filter(([name]) => keepEnvironment || !OURS.test(name));
  return withVariables(Object.fromEntries(kept), variables);
};

/** `env` with exactly the given five: what the handshake did not set must not come from elsewhere. */
export const withVariables = (env: Environment, variables: TlsVariables): Record<string, string> => {
  const merged = Object.entries({ ...env, ...variables });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== undefined));
};

/** What the handshake says, as variables. The peer has a hand in it: see {@link tame}. */
export const tlsVariables = (handshake: Handshake): TlsVariables => {
  const { protocol, cipher, serverName, peerCertificateHash: hash, peerCertificateSubject: subject } = handshake;
  return {
    SSL_PROTOCOL: tame(protocol),
    SSL_CIPHER: tame(cipher),
    SSL_TLS_SNI_SERVERNAME: serverName === undefined ? undefined : tame(serverName),
    SSL_PEER_CERT_HASH: hash === undefined ? undefined : tame(`SHA256:${hash}`),
    // Of a certificate without a hash we know nothing for certain: then there is no subject either.
    SSL_PEER_CERT_SUBJECT: hash === undefined || subject === undefined ? undefined : tame(subject),
  };
};

/**
 * Takes {@link tlsVariables} from a process that parses bytes from the network, and so may have been taken over: only
 * the five names, only what {@link tame} could have made. Anything else is a {@link Death} with 98.
 */
export const untrustedTlsVariables = (received: unknown): TlsVariables => {
  const record: Readonly<Record<string, unknown>> = typeof received === 'object' ? { ...received } : {};
  const pairs = TLS_VARIABLES.map((name) => {
    const value = record[name];
    if (value === undefined || (typeof value === 'string' && value.length <= MOST_BYTES && TAMED.test(value))) {
      return [name, value] as const;
    }
    throw new Death('tlsRun', { reason: `the TLS engine sent ${name} in a form it never has` });
  });
  return Object.fromEntries(pairs) as TlsVariables;
};

/**
 * Printable ASCII on one line: every other byte of the UTF-8 form, and the backslash itself, is written `\xHH`. So no
 * value holds a newline, a NUL or a terminal's control sequence, and two different values never look the same, except
 * beyond 8 KiB, where it is cut, though never inside an escape.
 */
const tame = (text: string): string => {
  // Cut before as well as after, so that the work is bounded too: no character becomes less than one.
  const tamed = text.slice(0, MOST_BYTES).replace(/[^\x20-\x5b\x5d-\x7e]+/gu, escapeBytes);
  return tamed.length <= MOST_BYTES ? tamed : tamed.slice(0, MOST_BYTES).replace(/\\(?:x.?)?$/, '');
};

const MOST_BYTES = 8192;
const TAMED = /^(?:[\x20-\x5b\x5d-\x7e]|\\x[0-9a-f]{2})*$/;
const OURS = /^(?:CADIR|CAFILE|TLS_UID|TLS_GID|MARBLE_TLS_TRACE|(?:KEYFILE|CERTFILE)(?::.*)?)$/s;

const NO_HANDSHAKE = Object.fromEntries(TLS_VARIABLES.map((name) => [name, undefined])) as TlsVariables;
