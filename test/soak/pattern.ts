/**
 * Bytes `from` to `from + length` of what one side says: 32-bit numbers that count up, so that no two places look alike, and the two
 * directions do not either. test/soak/prog.pl makes the same.
 */
export const pattern = (side: Side, from: number, length: number): Buffer => {
  const first = from >>> 2;
  const words = ((from + length + 3) >>> 2) - first;
  const bytes = Buffer.allocUnsafe(words * 4);
  for (let word = 0; word < words; word++) bytes.writeUInt32BE((SIDES[side] + first + word) >>> 0, word * 4);
  return bytes.subarray(from & 3, (from & 3) + length);
};

export type Side = 'peer' | 'prog';

const SIDES: Readonly<Record<Side, number>> = { peer: 0, prog: 0x8000_0000 };
