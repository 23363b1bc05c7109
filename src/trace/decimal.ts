/** Writes the decimal digits of a whole number that is not negative, without a string; returns where they end. */
export function putDecimal(bytes: Uint8Array, number: number, start: number): number {
  let end = start + 1;
  for (let power = 10; power <= number; power *= 10) end += 1;
  for (let at = end - 1, rest = number; at >= start; at -= 1) {
    const tens = Math.floor(rest / 10);
    bytes[at] = ZERO + (rest - 10 * tens);
    rest = tens;
  }
  return end;
}

/** Of a whole number that is exact. */
export const MOST_DIGITS = 16;

/** ASCII. */
const ZERO = 48;
