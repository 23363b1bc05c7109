import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { keepFreedMemory } from './native/allocator.ts';

/**
 * Counts bytes of buffers that Node has made and nobody needs any more; has the young ones among them collected every
 * {@link MOST_GARBAGE}.
 *
 * OpenSSL's ciphertext and cleartext reach us in fresh buffers of up to 16 KiB (Node 20, `JSStream::DoWrite` and `TLSWrap::ClearOut`). V8 lets
 * 32 MiB of them pile up before it collects, whatever size it was told for its young generation. One collection takes 0.3
 * ms, because next to nothing is alive; a connection that carries less never makes one.
 */
export const discarded = (bytes: number): void => {
  garbage += bytes;
  if (garbage < MOST_GARBAGE) return;
  garbage = 0;
  (collect ??= collector())();
};

/** Bytes. */
const MOST_GARBAGE = 4_194_304;

let garbage = 0;
let collect: (() => void) | undefined;

/** V8 shows its collector to those contexts only that are made while it is told to. */
const collector = (): (() => void) => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as (options: { type: 'minor' }) => void;
  setFlagsFromString('--no-expose-gc');
  keepFreedMemory();
  return () => gc({ type: 'minor' });
};
