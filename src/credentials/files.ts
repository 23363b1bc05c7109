import type { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import type { NamedPath } from '../environment/settings.ts';
import { Death, systemReason } from '../messages.ts';

/** The content of a file; throws a {@link Death} with 111 when the system does not give it. */
export const readNamed = (named: NamedPath): Buffer => orUnreadable(named, () => readFileSync(named.path));

/** Does something to a file or directory that the system may refuse. */
export const orUnreadable = <Result>(named: NamedPath, access: () => Result): Result => {
  try {
    return access();
  } catch (error) {
    throw new Death('unreadable', { what: `${named.variable} ${named.path}`, reason: systemReason(error) });
  }
};

/** The {@link Death} with 96 of a file that could be read and is no good. */
export const unusable = ({ variable, path }: NamedPath, reason: string): Death =>
  new Death('unusable', { what: `${variable} ${path}`, reason });

/** PEM announces itself; what does not is taken for DER (RFC 7468 §2 allows text before the first boundary). */
export const looksLikePem = (content: Buffer): boolean => content.includes('-----BEGIN ');
