import { diagrams, type DiagramText } from 'explorer:content';
import { readScenario, type Scenario } from '../../diagram/scenario.ts';
import type { Diagrams } from '../model/permalink.ts';

/** The diagrams that came with the page, each read when it is asked for. */
export const DIAGRAMS: Diagrams = {
  get: (name) => {
    const known = read.get(name);
    if (known !== undefined) return known;
    const text = Object.hasOwn(diagrams, name) ? diagrams[name]?.text : undefined;
    if (text === undefined) return undefined;
    const scenario = readScenario(text);
    read.set(name, scenario);
    return scenario;
  },
};

/** Those that were written for a policy, with their names. */
export const diagramsFor = (asked: string): readonly (DiagramText & { readonly name: string })[] =>
  Object.entries(diagrams)
    .filter(([, { policy }]) => policy === asked)
    .map(([name, diagram]) => ({ name, ...diagram }));

const read = new Map<string, Scenario>();
