import type { Header } from '../trace/format.ts';

/** `1 byte`, `12 bytes`. */
export const tellBytes = (bytes: number): string => `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;

/** The options as one would ask for them: `-S -J -K 100`. */
export const tellOptions = ({
  policy,
  requireCloseNotify,
  idleTimeout,
}: Pick<Header, 'policy' | 'requireCloseNotify' | 'idleTimeout'>): string =>
  [`-${policy}`, ...(requireCloseNotify ? ['-J'] : []), ...(idleTimeout > 0 ? [`-K ${idleTimeout}`] : [])].join(' ');
