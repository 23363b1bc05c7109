import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { NamedPath, Settings } from '../environment/settings.ts';
import { readCertificates } from './certificates.ts';
import { orUnreadable, readNamed, unusable } from './files.ts';

/**
 * The trust anchors, in PEM, each once: all those in `CAFILE`, or those in the files of `CADIR`, where subdirectories
 * and dotfiles are skipped and links are followed. Throws a `Death`: 111 for what cannot be read, 96 for a file without
 * a certificate and for an empty set.
 */
export const loadAnchors = (anchors: NonNullable<Settings['anchors']>): readonly string[] => {
  const files = anchors.kind === 'file' ? [anchors] : filesIn(anchors);
  const found = new Set(files.flatMap((file) => certificatesOf(file).map(String)));
  if (found.size === 0) throw unusable(anchors, 'no trust anchor in it');
  return [...found];
};

const certificatesOf = (file: NamedPath) => {
  const certificates = readCertificates(readNamed(file), file);
  if (certificates.length === 0) throw unusable(file, 'no certificate in it');
  return certificates;
};

const filesIn = (directory: NamedPath): readonly NamedPath[] =>
  orUnreadable(directory, () => readdirSync(directory.path))
    .filter((name) => !name.startsWith('.'))
    .sort()
    .map((name) => ({ variable: directory.variable, path: join(directory.path, name) }))
    .filter((file) => {
      const stats = orUnreadable(file, () => statSync(file.path));
      // Opening a FIFO would wait for its writer, for ever if there is none.
      if (!stats.isFile() && !stats.isDirectory()) throw unusable(file, 'neither a file nor a directory');
      return stats.isFile();
    });
