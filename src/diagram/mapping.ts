import { isMap, isScalar, isSeq, LineCounter, parseDocument, Scalar } from 'yaml';
import { Misread } from './rows.ts';

/** One key of a file: its value, and where it stands. */
export interface Entry {
  /** A scalar, a list of scalars, or a mapping of scalars. */
  readonly value: unknown;
  /** The line of the key, from 1. */
  readonly line: number;
  /** The line of the n-th line of a text, from 0. */
  readonly lineOf: (index: number) => number;
}

/** The keys of a file, in their order. */
export type Found = ReadonlyMap<string, Entry>;

/**
 * Reads a YAML file that is one flat mapping. What YAML has beyond that (aliases, nesting, several documents) is refused, so
 * that nothing in a file can grow when it is read.
 *
 * @throws Misread
 */
export function readMapping(text: string): Found {
  const lines = new LineCounter();
  // `uniqueKeys` compares each key with each: minutes for a megabyte of them. Hence it is done here.
  const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false, lineCounter: lines });
  const lineAt = (offset: number | undefined): number => Math.max(1, lines.linePos(offset ?? 0).line);
  const [error] = document.errors;
  if (error !== undefined) {
    // The stack is not deep enough for it.
    const deep = error.code === 'RESOURCE_EXHAUSTION';
    throw new Misread(lineAt(error.pos[0]), deep ? 'nested too deeply' : error.message);
  }
  if (!isMap(document.contents)) throw new Misread(1, 'not a mapping');
  const found = new Map<string, Entry>();
  for (const { key, value } of document.contents.items) {
    const line = lineAt(isScalar(key) ? key.range[0] : undefined);
    if (!isScalar(key) || typeof key.value !== 'string') throw new Misread(line, 'a key is no text');
    if (found.has(key.value)) throw new Misread(line, `a key is not unique: ${key.value}`);
    // Only a literal block has its lines where the file has them.
    const literal = isScalar(value) && value.type === Scalar.BLOCK_LITERAL;
    found.set(key.value, {
      value: plain(value, line),
      line,
      lineOf: (index) => (literal ? line + 1 + index : line),
    });
  }
  return found;
}

function plain(node: unknown, line: number): unknown {
  if (node === null) return null;
  if (isScalar(node)) return node.value;
  if (isSeq(node)) return node.items.map((item) => scalar(item, line));
  if (isMap(node)) {
    const entries = new Map(node.items.map(({ key, value }) => [String(scalar(key, line)), scalar(value, line)]));
    if (entries.size < node.items.length) throw new Misread(line, 'a key is not unique');
    return Object.fromEntries(entries);
  }
  throw new Misread(line, 'an alias');
}

function scalar(node: unknown, line: number): unknown {
  if (!isScalar(node)) throw new Misread(line, 'nested too deeply');
  return node.value;
}
