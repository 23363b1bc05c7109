// PNG, as much of it as screenshots need (W3C, Portable Network Graphics, third edition).
import { crc32, deflateSync, inflateSync } from 'node:zlib';

/**
 * The same picture with at most 256 colours: of rare ones that are hardly told apart, one is left. A screenshot of text then
 * takes less than half the bytes.
 *
 * @param png as Chromium writes it: 8 bits for each of red, green and blue, not interlaced.
 * @throws Error for any other.
 */
export function withPalette(png: Buffer): Buffer {
  const { width, height, pixels } = read(png);
  const { palette, indices } = paletteOf(pixels);
  // Each line begins with the number of its filter: 0 is none.
  const lines = Buffer.alloc(height * (width + 1));
  for (const [i, colour] of pixels.entries()) {
    lines[i + Math.floor(i / width) + 1] = indices.get(colour) ?? 0;
  }
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header(width, height, 3)),
    chunk('PLTE', Buffer.from(palette.flatMap(parts))),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** In pixels. */
export const sizeOf = (png: Buffer): readonly [width: number, height: number] => [
  png.readUInt32BE(16),
  png.readUInt32BE(20),
];

function read(png: Buffer): { readonly width: number; readonly height: number; readonly pixels: Uint32Array } {
  const [width, height] = sizeOf(png);
  if (!png.subarray(16, 29).equals(header(width, height, 2)))
    throw new Error('no picture of 8 bits for each of three colours');
  const data = chunksOf(png).flatMap(({ type, body }) => (type === 'IDAT' ? [body] : []));
  const bytes = inflateSync(Buffer.concat(data));
  const stride = width * 3;
  const pixels = new Uint32Array(width * height);
  let above = Buffer.alloc(stride);
  for (let y = 0; y < height; y += 1) {
    const start = y * (stride + 1);
    const line = bytes.subarray(start + 1, start + 1 + stride);
    unfilter(bytes[start] ?? 0, line, above);
    for (let x = 0; x < width; x += 1) pixels[y * width + x] = line.readUIntBE(x * 3, 3);
    above = line;
  }
  return { width, height, pixels };
}

/** Section 9.2: each byte was written as its distance from what its neighbours foretell. */
function unfilter(filter: number, line: Buffer, above: Buffer): void {
  for (let i = 0; i < line.length; i += 1) {
    const a = line[i - 3] ?? 0;
    const b = above[i] ?? 0;
    const c = i < 3 ? 0 : (above[i - 3] ?? 0);
    line[i] = (line[i] ?? 0) + ([0, a, b, (a + b) >> 1, paeth(a, b, c)][filter] ?? 0);
  }
}

function paeth(a: number, b: number, c: number): number {
  const [toA, toB, toC] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  if (toA <= toB && toA <= toC) return a;
  return toB <= toC ? b : c;
}

function chunksOf(png: Buffer): readonly { readonly type: string; readonly body: Buffer }[] {
  const chunks = [];
  for (let at = SIGNATURE.length; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const body = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), body });
  }
  return chunks;
}

function chunk(type: string, body: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, check]);
}

/** `kind`: 2 is red, green and blue, 3 a palette. */
function header(width: number, height: number, kind: 2 | 3): Buffer {
  const bytes = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, kind, 0, 0, 0]);
  bytes.writeUInt32BE(width, 0);
  bytes.writeUInt32BE(height, 4);
  return bytes;
}

/** The most frequent colours stay. Of the others those are one that agree in their highest bits: in as many as give no more than 256. */
function paletteOf(pixels: Uint32Array): {
  readonly palette: readonly number[];
  readonly indices: ReadonlyMap<number, number>;
} {
  const counts = new Map<number, number>();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const colours = [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour);
  for (let dropped = 0; ; dropped += 1) {
    const palette: number[] = [];
    const kinds = new Map<number, number>();
    const indices = new Map<number, number>();
    for (const [i, colour] of colours.entries()) {
      const kind = parts(colour).reduce((all, part) => (all << 8) + (part >> dropped), 0);
      const known = i < EXACT ? undefined : kinds.get(kind);
      const index = known ?? palette.push(colour) - 1;
      kinds.set(kind, index);
      indices.set(colour, index);
    }
    if (palette.length <= 256) return { palette, indices };
  }
}

const parts = (colour: number): number[] => [colour >> 16, (colour >> 8) & 255, colour & 255];

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** Grounds, lines and letters; the others are the edges of letters. */
const EXACT = 64;
