import { makeBed } from './bed.ts';
import { servesMany, type Contender } from './contender.ts';
import { machine } from './machine.ts';
import { measureBulk, measureStalled } from './measure/bulk.ts';
import { measureBareNode } from './measure/bare-node.ts';
import { measureCiphers } from './measure/ciphers.ts';
import { measureConnections, measureEcho } from './measure/connections.ts';
import { measureHeld } from './measure/held.ts';
import { measureInARow } from './measure/in-a-row.ts';
import { measureStalledHandshakes } from './measure/stalled-handshakes.ts';
import type { Stage } from './measure/stage.ts';
import { measureStartup } from './measure/startup.ts';
import type { Plan } from './plan.ts';
import type { ContenderFacts, Results } from './results.ts';
import { whereIs } from './where-is.ts';

/** What can be measured, by the names of its results. */
export const MEASUREMENTS = [
  'startup',
  'connections',
  'echo',
  'bulk',
  'stalled',
  'held',
  'inARow',
  'stalledHandshakes',
  'bareNode',
  'ciphers',
] as const;

export type Measurement = (typeof MEASUREMENTS)[number];

/**
 * Measures these contenders, one after the other in each round, and nothing else meanwhile.
 *
 * @param wanted what is not among them has no results.
 * @param say is told how far it is.
 * @throws when a contender that is there does not listen, or the client dies.
 */
export async function benchmark(
  contenders: readonly Contender[],
  plan: Plan,
  wanted: readonly Measurement[],
  say: (progress: string) => void,
): Promise<Results> {
  const facts = contenders.map(factsOf);
  const bed = makeBed();
  const stage: Stage = {
    bed,
    plan,
    contenders: contenders.filter((_, place) => facts[place]?.missing === undefined),
    say,
  };
  const measured = async <Found>(name: Measurement, measure: (on: Stage) => Promise<readonly Found[]>) =>
    wanted.includes(name) ? measure(stage) : [];
  return {
    machine: machine(),
    plan,
    contenders: facts,
    startup: await measured('startup', measureStartup),
    connections: await measured('connections', measureConnections),
    echo: await measured('echo', measureEcho),
    bulk: await measured('bulk', measureBulk),
    stalled: await measured('stalled', measureStalled),
    held: await measured('held', measureHeld),
    inARow: await measured('inARow', measureInARow),
    stalledHandshakes: await measured('stalledHandshakes', measureStalledHandshakes),
    bareNode: await measured('bareNode', measureBareNode),
    ciphers: await measured('ciphers', measureCiphers),
  };
}

function factsOf(contender: Contender): ContenderFacts {
  const { id, label, about, programs, tls, perConnection } = contender;
  const missing = programs.filter((program) => whereIs(program).length === 0);
  const why = missing.map((program) => (program.includes('/') ? 'not built' : `no ${program} on PATH`));
  return {
    ...{ id, label, about, tls, perConnection: perConnection !== undefined },
    ...(servesMany(contender) && { resident: true as const }),
    ...(why.length > 0 && { missing: why.join(', ') }),
  };
}
