import { readdirSync, readFileSync } from 'node:fs';
import { readScenario, type Scenario } from '../../../../src/diagram/scenario.ts';

const folder = new URL('../../../../diagrams/', import.meta.url);

/** The scenarios of diagrams/ by the names of their files, without `.yaml`. */
export const DIAGRAMS: ReadonlyMap<string, Scenario> = new Map(
  readdirSync(folder).map((name) => [
    name.replace('.yaml', ''),
    readScenario(readFileSync(new URL(name, folder), 'utf8')),
  ]),
);

/** One of them. */
export function diagram(name: string): Scenario {
  const scenario = DIAGRAMS.get(name);
  if (scenario === undefined) throw new Error(`there is no diagram ${name}`);
  return scenario;
}
