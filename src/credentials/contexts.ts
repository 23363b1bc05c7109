import type { Buffer } from 'node:buffer';
import { constants } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { SecureContext, SecureContextOptions } from 'node:tls';
import { Death } from '../messages.ts';
import type { Options } from '../options/options.ts';
import type { Credentials, KeyPair } from './credentials.ts';
import { unusable } from './files.ts';

export interface SecureContexts {
  /** For a peer that asks for no name, or for one we have no pair for; absent under `-k 2`. */
  readonly default?: SecureContext;
  /**
   * What a connection starts with, before the peer has named anything: protocol versions, ciphers and the ban on
   * renegotiation come from here, whatever context is selected later. The default, or one without any pair, which ends
   * the handshake with the alert handshake_failure unless another is selected.
   */
  readonly base: SecureContext;
  /** The context for the name the peer asks for, if any; undefined under `-k 2` when there is none: refuse the peer. */
  readonly select: (serverName: string | undefined) => SecureContext | undefined;
  /** Every context that a connection may meet. */
  readonly all: readonly SecureContext[];
}

/**
 * Hands the credentials to OpenSSL: TLS 1.2 and 1.3, our order of ciphers, no renegotiation by the client. Throws a
 * {@link Death}: 96 when OpenSSL does not take a pair (a key too short for its security level, say), 97 when it would
 * not take any.
 *
 * @param sessions see {@link resumable}; what a process that serves one connection leaves out.
 */
export const secureContexts = (
  { defaultPair, namedPairs, anchors }: Credentials,
  { sniLevel }: Options,
  sessions: SecureContextOptions = {},
): SecureContexts => {
  const common = { ...COMMON, ...trusting(anchors), ...sessions };
  const fallback = sniLevel < 2 && defaultPair !== undefined ? contextFor(defaultPair, common) : undefined;
  const named = new Map(
    (sniLevel === 0 ? [] : namedPairs).map((pair) => [pair.serverName, contextFor(pair, common)] as const),
  );
  const base = fallback ?? bareContext(common);
  return {
    ...(fallback && { default: fallback }),
    base,
    all: [base, ...named.values()],
    select: (serverName = '') => {
      const name = serverName.toLowerCase();
      return named.get(name) ?? named.get(name.replace(/^[^.]*/, '*')) ?? fallback;
    },
  };
};

/**
 * Whether a server with these options resumes sessions.
 *
 * Not where client certificates are asked for: OpenSSL does not look again at one that came with a session's first handshake, and
 * it may have expired, or its anchor gone. Nor with key pairs for server names: under TLS 1.2 a session must not be resumed for
 * another name (RFC 6066 §3), and below Node OpenSSL does not know for which one it was made.
 */
export const canResume = ({ clientCertificate, sniLevel }: Options): boolean =>
  clientCertificate === 'none' && sniLevel === 0;

/**
 * Lets sessions be resumed by tickets (RFC 8446 §2.2, RFC 5077) in every context that is made with the same keys, if at all.
 *
 * @param ticketKeys 48 random bytes.
 */
export const resumable = (ticketKeys: Buffer, options: Options): SecureContextOptions =>
  canResume(options)
    ? { ticketKeys }
    : { secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_TICKET };

const contextFor = ({ key, certificates, from }: KeyPair, common: SecureContextOptions): SecureContext => {
  try {
    return createSecureContext({ ...common, key, cert: certificates });
  } catch (error) {
    bareContext(common);
    throw unusable(from.certificates, `OpenSSL refuses it with ${from.key.variable} ${from.key.path}: ${why(error)}`);
  }
};

/** Without any pair OpenSSL should have no complaint; if it has, the fault is in its own configuration. */
const bareContext = (common: SecureContextOptions): SecureContext => {
  try {
    return createSecureContext(common);
  } catch (error) {
    throw new Death('tlsSetup', { reason: why(error) });
  }
};

/**
 * Which chains of a client are accepted.
 *
 * Node parses its whole store of public roots, which takes 17 ms, when no list is given at all, and also, to compare, when partial
 * chains are allowed (Node 20, src/crypto/crypto_context.cc, `GetCertStoreOwnedByThisSecureContext`). Most connections ask no
 * client for a certificate: there are no anchors then.
 */
const trusting = (anchors: readonly string[]): SecureContextOptions => ({
  ca: [...anchors],
  // An anchor may be an intermediate, as in the reference: OpenSSL by itself insists on reaching a root.
  ...(anchors.length > 0 && { allowPartialTrustChain: true }),
});

/** `error:0A00018F:SSL routines::ee key too small` is for the archive; its last part is for people. */
const why = (error: unknown): string => {
  const { message } = error as Error;
  return message.replace(/^error:[0-9A-F]+:[^:]*:[^:]*:/, '');
};

const COMMON: SecureContextOptions = {
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  honorCipherOrder: true,
  // Node would let the client renegotiate under TLS 1.2, at our cost.
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
  // Resumption of a session that came with a client certificate is a fatal error without it (SSL_CTX_set_session_id_context).
  sessionIdContext: 's6-tlsd',
};
