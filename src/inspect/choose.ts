import type { Flags } from './arguments.ts';
import type { Input } from './input-from.ts';
import type { Recording } from './recording.ts';
import { Trouble } from './trouble.ts';

/**
 * The connections of a file that `--connection` chooses; all of them without.
 *
 * @throws Trouble when there are not so many.
 */
export function chosen({ file, recordings }: Traces, flags: Flags): readonly Recording[] {
  const asked = flags.get('connection');
  if (asked === undefined) return recordings;
  const found = typeof asked === 'string' && /^\d+$/.test(asked) ? recordings[Number(asked) - 1] : undefined;
  if (found === undefined)
    throw new Trouble(`--connection ${String(asked)}: ${file} has connections 1 to ${recordings.length}`);
  return [found];
}

/**
 * The one connection of a file.
 *
 * @throws Trouble when `--connection` does not say which of several.
 */
export function theOne(traces: Traces, flags: Flags): Recording {
  const [first, ...others] = chosen(traces, flags);
  if (first === undefined) throw new Trouble(`${traces.file}: no connection`);
  if (others.length > 0) {
    throw new Trouble(`${traces.file} has ${others.length + 1} connections: choose one with --connection N`);
  }
  return first;
}

/**
 * A file that must hold traces.
 *
 * @throws Trouble when it is a diagram.
 */
export function tracesIn(input: Input): Traces {
  if (input.kind === 'traces') return input;
  throw new Trouble(`${input.file}: a diagram, where a trace is wanted`);
}

type Traces = Extract<Input, { readonly kind: 'traces' }>;
