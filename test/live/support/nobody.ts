import { chmodSync, chownSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificates } from '../../fixtures/certificates.ts';
import { traceDirectory } from './traced.ts';

/** Two users, with a group each, who have nothing. */
export const NOBODY = { uid: 65_534, gid: 65_533 } as const;
export const SOMEBODY = { uid: 65_532, gid: 65_531 } as const;

/** Words put before a program, to run it as {@link NOBODY}: `setpriv` must be installed. */
export const AS_NOBODY = ['setpriv', '--reuid', '65534', '--regid', '65533', '--clear-groups', '--'] as const;

/** A directory of {@link NOBODY}'s, removed when the process exits. */
export const directoryOfNobody = (): string => {
  const directory = traceDirectory();
  chownSync(directory, NOBODY.uid, NOBODY.gid);
  return directory;
};

/** A server's pair that {@link NOBODY} alone can read, as variables. */
export const keysOfNobody = (directory: string): { readonly KEYFILE: string; readonly CERTFILE: string } => {
  const { server, chainFile } = certificates();
  const copy = (source: string, name: string): string => {
    const path = join(directory, name);
    copyFileSync(source, path);
    chmodSync(path, 0o600);
    chownSync(path, NOBODY.uid, NOBODY.gid);
    return path;
  };
  return { KEYFILE: copy(server.keyFile, 'key.pem'), CERTFILE: copy(chainFile, 'cert.pem') };
};
