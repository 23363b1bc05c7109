import type { Identity } from '../privileges.ts';
import { nodeOptionsFor } from '../prog/helper-program.ts';
import type { ProgImage } from '../prog/spawn.ts';
import type { KeyFiles } from './serve-keeper.ts';

/**
 * The arguments of the node that is to be a keeper: its program, what it will run, as whom, and which files it reads. Arguments, and not
 * a message: they are complete before the process exists.
 */
export const keeperArguments = (
  program: string,
  { argv, identity = {} }: ProgImage,
  { defaultPair, namedPairs, anchors }: KeyFiles,
): readonly string[] => [
  ...nodeOptionsFor(program),
  HEAP,
  program,
  JSON.stringify({ identity, keyFiles: { defaultPair, namedPairs, anchors } }),
  ...argv,
];

/** The order in the arguments of a keeper; its own environment is that of its progs. Whoever started it is believed. */
export const orderIn = (
  [settled = '{}', ...argv]: readonly string[],
  environment: Readonly<Record<string, string>>,
): { readonly image: ProgImage; readonly keyFiles: KeyFiles } => {
  const { identity, keyFiles } = JSON.parse(settled) as { readonly identity: Identity; readonly keyFiles: KeyFiles };
  return { image: { argv, environment, identity }, keyFiles };
};

/** In MiB. Node collects a message until it ends; with one that does not, from an engine that was taken over, this is where it stops. */
const HEAP = '--max-old-space-size=128';
