import { constants } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import { inspect, types } from 'node:util';
import { loadKoffi, nativeReason, type Koffi, type NativeFunction } from '../native/koffi.ts';

/** What OpenSSL found about the chain that the peer presented; the words for a refusal are its own. */
export type Judgement = 'accepted' | { readonly refused: string };

/** What OpenSSL has judged since the last call, if anything; or why its judgement cannot be had. */
export type Judging = { readonly newJudgement: () => Judgement | undefined } | { readonly reason: string };

/**
 * Has OpenSSL end the handshake by itself, with the alert that fits, when it refuses the certificate of a client.
 *
 * When something is missing, nothing is changed and the reason is returned. Otherwise the judgement *must* be looked at, see
 * {@link judgementOf}, as soon as OpenSSL was given something by a peer: it does not tell which connection it is about.
 *
 * Theory of operation. Node tells every SSL to go on whatever the chain looks like (`VerifyCallback` returns 1, Node 20 to 24,
 * src/crypto) and looks at the result afterwards, when the handshake is done and OpenSSL has no alert to send any more; it offers
 * no other way. But a SSL_CTX may have a function that verifies in the place of X509_verify_cert(3):
 * SSL_CTX_set_cert_verify_callback(3). Ours calls that very X509_verify_cert and then answers by its result, the same number that
 * Node looks at later, so that nothing is accepted, nor refused, that was not before. On a no OpenSSL sends the alert for that
 * number (ssl/statem/statem_srvr.c, `tls_process_client_certificate`).
 *
 * Node hides the SSL_CTX behind an External (`_external`, made for engines and tested by Node itself); its address is what
 * `inspect` prints of it. Node 20 to 24 ask the context that a connection began with, whatever SNI selects; others may not.
 */
export const judgeInOpenssl = (contexts: readonly SecureContext[]): Judging => {
  if (process.platform !== 'linux') return { reason: `not tried on ${process.platform}` };
  const prepared = prepare(contexts);
  if ('reason' in prepared) return prepared;
  const { openssl, addresses, register } = prepared;
  judge ??= register((chain) => {
    latest = judgementOf(chain, openssl);
    return latest === 'accepted' ? 1 : 0;
  });
  // From the first of them on there is no way back: an error here ends the program.
  for (const address of addresses) openssl.setVerify(address, judge, null);
  return { newJudgement };
};

const newJudgement = (): Judgement | undefined => {
  const judgement = latest;
  latest = undefined;
  return judgement;
};

/** One for all contexts there will ever be: koffi has a limited number of places. */
let judge: unknown;
let latest: Judgement | undefined;

type Judge = (chain: unknown) => 0 | 1;

interface Prepared {
  readonly openssl: Functions;
  readonly addresses: readonly bigint[];
  /** The address of a function, for C. */
  readonly register: (judge: Judge) => unknown;
}

/** All that can fail, and changes nothing. */
const prepare = (contexts: readonly SecureContext[]): Prepared | { readonly reason: string } => {
  try {
    const koffi = loadKoffi();
    const openssl = functionsOf(koffi);
    const type = koffi.pointer(koffi.proto('int', ['void *', 'void *']));
    const addresses = contexts.map((context) => addressOf(context, openssl));
    return { openssl, addresses, register: (judge) => koffi.register(judge, type) };
  } catch (error) {
    return { reason: nativeReason(error) };
  }
};

interface Functions {
  readonly version: NativeFunction;
  readonly options: NativeFunction;
  readonly setVerify: NativeFunction;
  readonly verify: NativeFunction;
  readonly error: NativeFunction;
  readonly errorText: NativeFunction;
}

const functionsOf = (koffi: Koffi): Functions => {
  const program = koffi.load(null);
  const functions = {
    version: program.func('const char *OpenSSL_version(int)'),
    options: program.func('uint64_t SSL_CTX_get_options(void *)'),
    setVerify: program.func('void SSL_CTX_set_cert_verify_callback(void *, void *, void *)'),
    verify: program.func('int X509_verify_cert(void *)'),
    error: program.func('int X509_STORE_CTX_get_error(void *)'),
    errorText: program.func('const char *X509_verify_cert_error_string(long)'),
  };
  // Another OpenSSL may have come into the process (LD_PRELOAD): it would not understand what Node's has made.
  const version = String(functions.version(0)).split(' ')[1];
  if (version !== process.versions.openssl) throw new Error(`the OpenSSL at hand is ${String(version)}, not Node's`);
  return functions;
};

/** The SSL_CTX, or an error when this is not certain. */
const addressOf = ({ context }: SecureContext, { options }: Functions): bigint => {
  const { _external: external } = context as { readonly _external?: unknown };
  const address = types.isExternal(external) ? /^\[External: ([0-9a-f]+)\]$/.exec(inspect(external))?.[1] : undefined;
  if (address === undefined) throw new Error('Node does not tell where its SSL_CTX is');
  const pointer = BigInt(`0x${address}`);
  // What we asked for when we made it (src/credentials/contexts.ts) must be there.
  if (pointer === 0n || (Number(options(pointer)) & OURS) !== OURS)
    throw new Error('what Node shows is not our SSL_CTX');
  return pointer;
};

/**
 * Never throws: to C an exception is not the 0 that koffi promises, but whatever lies on the stack (koffi 3.3.4,
 * src/abi/x64sysv_asm.S, `RelayTrampoline`). Measured: OpenSSL took it for a yes, nobody had verified anything, and Node's
 * `verifyError` had nothing to tell. The same happens when koffi cannot enter our function at all. Hence: no judgement, no entry.
 */
const judgementOf = (chain: unknown, { verify, error, errorText }: Functions): Judgement => {
  try {
    const verified = verify(chain);
    const result = Number(error(chain));
    if (result !== X509_V_OK) return { refused: String(errorText(result)) };
    return Number(verified) > 0 ? 'accepted' : { refused: 'it could not be verified' };
  } catch (failure) {
    return { refused: nativeReason(failure) };
  }
};

const X509_V_OK = 0;
const OURS = constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_CIPHER_SERVER_PREFERENCE;
