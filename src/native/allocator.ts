import { loadKoffi } from './koffi.ts';

/**
 * Asks malloc to keep what is freed instead of giving it back to the kernel, which would have to zero it again page by page: while
 * much is carried, buffers of 16 KiB are freed by the hundred and wanted again at once. A no-op where there is no mallopt(3).
 */
export const keepFreedMemory = (): void => {
  try {
    const mallopt = loadKoffi().load(null).func('int mallopt(int, int)');
    mallopt(M_TRIM_THRESHOLD, KEPT);
    // To set the one stops malloc from adapting the other, and large buffers would be mapped and unmapped each time.
    mallopt(M_MMAP_THRESHOLD, LARGEST);
  } catch {
    // No koffi, or not glibc: the same work, more slowly.
  }
};

/** malloc.h of glibc. */
const M_TRIM_THRESHOLD = -1;
const M_MMAP_THRESHOLD = -3;

/** Bytes at the top of the heap; more than is ever free there (src/garbage.ts). */
const KEPT = 33_554_432;
/** Bytes; the most that mallopt takes on 64 bits. */
const LARGEST = 33_554_432;
