// As much of DER as a certificate is made of (ITU-T X.690): each function gives the encoding of one value.

export const boolean = (value: boolean): Buffer => der(0x01, Uint8Array.of(value ? 0xff : 0));

/** `bytes` as they are: the first bit is the sign. */
export const integer = (bytes: Uint8Array): Buffer => der(0x02, bytes);

/** `unused`: how many bits at the end do not count. */
export const bitString = (bytes: Uint8Array, unused = 0): Buffer => der(0x03, Uint8Array.of(unused), bytes);

export const octetString = (bytes: Uint8Array): Buffer => der(0x04, bytes);

/** An object identifier such as `2.5.4.3`. */
export const identifier = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(0x06, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
};

export const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text));

/** UTCTime, which is for the years from 1950 to 2049 (RFC 5280 §4.1.2.5.1). */
export const time = (date: Date): Buffer =>
  der(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`));

export const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);

export const set = (...parts: readonly Uint8Array[]): Buffer => der(0x31, ...parts);

/** `[number] EXPLICIT`: around the encoding of another value. */
export const explicit = (number: number, content: Uint8Array): Buffer => der(0xa0 + number, content);

/** `[number] IMPLICIT`: instead of the tag of a value that has no parts. */
export const implicit = (number: number, content: Uint8Array): Buffer => der(0x80 + number, content);

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...size), content]);
};

/** Seven bits a byte, all but the last marked. */
const base128 = (arc: number): readonly number[] => {
  const bytes = [arc & 0x7f];
  for (let rest = arc >> 7; rest > 0; rest >>= 7) bytes.unshift(0x80 | (rest & 0x7f));
  return bytes;
};
