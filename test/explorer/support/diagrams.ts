import { readdirSync, readFileSync } from 'node:fs';
import { readScenario, type Scenario } from '../../../src/diagram/scenario.ts';

/** The files in diagrams/, by their names without `.yaml`. */
export const DIAGRAMS: ReadonlyMap<string, Scenario> = new Map(
  readdirSync('diagrams')
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => [file.replace(/\.yaml$/, ''), readScenario(readFileSync(`diagrams/${file}`, 'utf8'))]),
);

export function diagram(name: string): Scenario {
  const scenario = DIAGRAMS.get(name);
  if (scenario === undefined) throw new Error(`no diagram ${name}`);
  return scenario;
}
