import { Fault } from '../../graph/vocabulary.ts';

/**
 * What OpenSSL says of a connection that broke, in our words: a fatal alert from the peer, or a record that cannot be used.
 *
 * @param error as Node's TLSSocket reports it: `reason` is OpenSSL's, and only a received alert has "SSL alert number" in its message.
 */
export function faultOf(error: Error): Fault {
  const alert = /SSL alert number (\d+)/.exec(error.message)?.[1];
  if (alert !== undefined) return new Fault('alert', ALERTS[Number(alert)] ?? alert);
  return new Fault('badRecord', reasonOf(error));
}

/** The same during the handshake, which has one kind of fault, and a reason for people. */
export const handshakeFault = ({ kind, detail }: Fault): Fault =>
  new Fault('handshake', kind === 'alert' ? `the peer sent alert ${detail}` : detail);

const reasonOf = (error: Error): string => {
  const reason: unknown = 'reason' in error ? error.reason : undefined;
  return typeof reason === 'string' ? reason : error.message;
};

/** RFC 8446 §6 and, for the numbers that it no longer uses, RFC 5246 §7.2. */
const ALERTS: Readonly<Record<number, string>> = {
  10: 'unexpected_message',
  20: 'bad_record_mac',
  21: 'decryption_failed',
  22: 'record_overflow',
  30: 'decompression_failure',
  40: 'handshake_failure',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  100: 'no_renegotiation',
  109: 'missing_extension',
  110: 'unsupported_extension',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  120: 'no_application_protocol',
};
