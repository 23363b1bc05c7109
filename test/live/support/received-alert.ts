import { ALERT, type RecordHeader } from './records.ts';

/** The alert that made the engine fail, by its name in RFC 8446 §6; `undefined` when it was something else. */
export const receivedAlert = ({ code = '' }: NodeJS.ErrnoException): string | undefined =>
  /^ERR_SSL_(?:SSLV3|TLSV1|TLSV13)_(?:ALERT_)?(.*)$/.exec(code)?.[1]?.toLowerCase();

/**
 * The fatal alert in a record that came before there were keys. There may be no engine that could tell of it: some peers
 * only send raw bytes.
 */
export const sentInTheClear = ({ header, body }: { header: RecordHeader; body: Buffer }): string | undefined => {
  const [level, number = 0] = body;
  if (header.type !== ALERT || body.length !== 2 || level !== FATAL) return undefined;
  return NAMES.get(number) ?? `number ${String(number)}`;
};

const FATAL = 2;

/** RFC 8446 §6.2. */
const NAMES = new Map([
  [10, 'unexpected_message'],
  [20, 'bad_record_mac'],
  [22, 'record_overflow'],
  [40, 'handshake_failure'],
  [42, 'bad_certificate'],
  [45, 'certificate_expired'],
  [47, 'illegal_parameter'],
  [48, 'unknown_ca'],
  [50, 'decode_error'],
  [51, 'decrypt_error'],
  [70, 'protocol_version'],
  [80, 'internal_error'],
  [109, 'missing_extension'],
  [112, 'unrecognized_name'],
  [116, 'certificate_required'],
]);
