import { fileURLToPath } from 'node:url';

/**
 * The file this code runs from: the bundle (CommonJS, where `import.meta` is empty), or this very source file (ESM,
 * where `__filename` does not exist).
 */
export const here = (): string => (typeof __filename === 'string' ? __filename : fileURLToPath(import.meta.url));
