/**
 * The text as one line that no terminal obeys and that may stand in XML: each byte of a control or format character becomes
 * `\xHH`. Much of what we tell was chosen by others: server names, certificates, titles of files.
 */
export const oneLine = (text: string): string => text.replace(UNSAFE, escapeBytes);

/** Each byte of the text's UTF-8 form as `\xHH`. */
export const escapeBytes = (text: string): string =>
  Array.from(new TextEncoder().encode(text), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

/** Controls, bidirectional and other format characters, lone surrogates, and Unicode's own line ends. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;
