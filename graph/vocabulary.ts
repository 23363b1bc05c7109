/**
 * The dictionary of marble-tls. Code, marbles, messages and documents use these words and no others.
 *
 * EOF is completion. close_notify is a value. A fault is an error.
 */

/** A chunk of cleartext. Never empty on the graph's edges. */
export type Bytes = Uint8Array;

/** The TLS alert that ends one direction (RFC 8446 §6.1, RFC 5246 §7.2.1); drawn `N`. */
export const CLOSE_NOTIFY = Symbol('close_notify');
export type CloseNotify = typeof CLOSE_NOTIFY;

/** How prog's EOF is passed to the peer: `s` half-closes TCP, `S` and `N` send close_notify first. */
export type Policy = 's' | 'S' | 'N';

export type Protocol = 'TLSv1.2' | 'TLSv1.3';

/** The signals that are passed on to prog. */
export type Signal = 'SIGTERM' | 'SIGINT' | 'SIGHUP';

/** What is known once the peer and we share keys. */
export interface Handshake {
  readonly protocol: Protocol;
  /** IANA name of the cipher suite. */
  readonly cipher: string;
  /** The name the peer asked for (RFC 6066 §3). Chosen by the peer: never trust its bytes. */
  readonly serverName?: string;
  /** Lower-case hexadecimal SHA-256 of the peer's certificate in DER. */
  readonly peerCertificateHash?: string;
  /** Subject of the peer's certificate (RFC 4514). Chosen by the peer: never trust its bytes. */
  readonly peerCertificateSubject?: string;
}

/** How prog ended (wait(2)): it exited with a code, or a signal killed it. `signal` is the number. */
export type ProgStatus = { readonly code: number } | { readonly signal: number };

/**
 * What can break.
 *
 * - `handshake`: anything that ends the connection before the peer and we share keys.
 * - `truncation`: the peer's FIN came without close_notify, and `-J` forbids that.
 * - `cutRecord`: the peer's FIN came in the middle of a TLS record.
 * - `alert`: the peer sent a fatal alert.
 * - `badRecord`: a record from the peer could not be decrypted or parsed.
 * - `reset`: a system call on the network failed: RST, broken pipe, host unreachable.
 */
export type FaultKind = 'handshake' | 'truncation' | 'cutRecord' | 'alert' | 'badRecord' | 'reset';

/** A fault travels as the error of a stream. `detail` is for people, except that of an `alert`: its RFC 8446 §6 name. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly kind: FaultKind;
  readonly detail: string;

  constructor(kind: FaultKind, detail: string) {
    super(`${kind}: ${detail}`);
    this.kind = kind;
    this.detail = detail;
  }
}

/** Recognises a {@link Fault} among what a stream may throw. */
export const isFault = (error: unknown): error is Fault => error instanceof Fault;
