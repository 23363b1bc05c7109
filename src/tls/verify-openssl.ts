import { constants } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import { inspect, types } from 'node:util';
import { loadKoffi, nativeReason, type Koffi, type NativeFunction } from '../native/koffi.ts';

/** What OpenSSL found about the chain that the peer presented; the words for a refusal are its own. */
export type Judgement = 'accepted' | { readonly refused: string };

/** OpenSSL's judgement, once it was asked for; or why it cannot be had from it. */
export type Judging = { readonly judgement: () => Judgement | undefined } | { readonly reason: string };

/**
 * Has OpenSSL end the handshake by itself, with the alert that fits, when it refuses the certificate of a client.
 *
 * For the contexts of *one* connection, to be called at most a few times a process: each call keeps one of koffi's callbacks for
 * good. Whatever is missing, nothing is changed and the reason is returned.
 *
 * Theory of operation. Node tells every SSL to go on whatever the chain looks like (`VerifyCallback` in
 * src/crypto/crypto_common.cc returns 1, Node 20 to 24) and looks at the result afterwards, when the handshake is done and OpenSSL has
 * no alert to send any more; Node offers no other way. The result is known in between, though: a SSL_CTX may have a function
 * that verifies in the place of X509_verify_cert(3), SSL_CTX_set_cert_verify_callback(3). Ours calls that very X509_verify_cert and
 * then answers by its result, which is the number that Node looks at later: nothing can be accepted, nor refused, that was not
 * before. On a refusal OpenSSL (ssl/statem/statem_srvr.c, `tls_process_client_certificate`) sends the alert for that number.
 *
 * Node hides the SSL_CTX behind an External (`_external`, made for engines and tested by Node itself); its address is what
 * `inspect` prints of it.
 */
export const judgeInOpenssl = (contexts: readonly SecureContext[]): Judging => {
  if (process.platform !== 'linux') return { reason: `not tried on ${process.platform}` };
  try {
    const koffi = loadKoffi();
    const openssl = functionsOf(koffi);
    const addresses = contexts.map((context) => addressOf(context, openssl));
    let judgement: Judgement | undefined;
    const judge = koffi.register(
      (chain) => {
        judgement = judgementOf(chain, openssl);
        return judgement === 'accepted' ? 1 : 0;
      },
      koffi.pointer(koffi.proto('int', ['void *', 'void *'])),
    );
    for (const address of addresses) openssl.setVerify(address, judge, null);
    return { judgement: () => judgement };
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
 * Never throws: an exception is not what koffi 3 says it is for the C side, 0, but whatever lies on the stack
 * (src/abi/x64sysv_asm.S, `RelayTrampoline`), and that may mean yes. {@link Judging} is for whoever wants to be sure.
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
