import type { Identity } from '../privileges.ts';
import type { ProgImage } from '../prog/spawn.ts';
import type { KeyFiles } from './serve-keeper.ts';

/**
 * The keeper's arguments: what it will run, as whom, and which files it reads. Arguments, and not a message: they are complete before
 * the process exists.
 */
export const orderFor = (
  { argv, identity = {} }: ProgImage,
  { defaultPair, namedPairs, anchors }: KeyFiles,
): readonly string[] => [JSON.stringify({ identity, keyFiles: { defaultPair, namedPairs, anchors } }), ...argv];

/** The order in the arguments of a keeper; its own environment is that of its progs. Whoever started it is believed. */
export const orderIn = (
  [settled = '{}', ...argv]: readonly string[],
  environment: Readonly<Record<string, string>>,
): { readonly image: ProgImage; readonly keyFiles: KeyFiles } => {
  const { identity, keyFiles } = JSON.parse(settled) as { readonly identity: Identity; readonly keyFiles: KeyFiles };
  return { image: { argv, environment, identity }, keyFiles };
};
