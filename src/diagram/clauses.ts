import type { Protocol } from '../../graph/vocabulary.ts';

/**
 * What a rule rests on under one version of TLS: its clause without the parts that are the other version's. A rule that rests on
 * nothing else keeps them.
 *
 * @param protocol `undefined` when none was agreed on: then nothing is left out.
 * @param clause parts with `; ` between them, as in the tables of the graph.
 */
export function clauseUnder(clause: string, protocol: Protocol | undefined): string {
  if (protocol === undefined) return clause;
  const parts = clause.split('; ').filter((part) => !part.startsWith(`${FOREIGN[protocol]} `));
  return parts.length === 0 ? clause : parts.join('; ');
}

/** The document of the other version. */
const FOREIGN: Readonly<Record<Protocol, string>> = { 'TLSv1.2': 'RFC 8446', 'TLSv1.3': 'RFC 5246' };
