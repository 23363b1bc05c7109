import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { differences, drawScenario, playScenario } from '../src/diagram/play.ts';
import { readScenario, type Scenario } from '../src/diagram/scenario.ts';

/**
 * Fills the fenced blocks of a page that stand after one of these:
 *
 * - `<!-- diagram: name -->`: what diagrams/name.yaml does when it is played;
 * - `<!-- failing diagram: name -->`: what a test would say if it expected a bare FIN there;
 * - `<!-- file: path -->`: a file of the project, as it is.
 *
 * @throws when there is no such diagram or file.
 */
export const filled = (page: string): string =>
  page.replaceAll(PLACE, (_, indent: string, kind: string, name: string, opening: string) => {
    const lines = CONTENT[kind as keyof typeof CONTENT](name).trimEnd().split('\n');
    const block = lines.map((line) => (line === '' ? '' : indent + line)).join('\n');
    return `${indent}<!-- ${kind}: ${name} -->\n\n${indent}${opening}\n${block}\n${indent}\`\`\``;
  });

/** The pages in which something can be filled in. */
export const pages = (): readonly URL[] => [
  new URL('README.md', ROOT),
  ...readdirSync(DOCS)
    .filter((name) => name.endsWith('.md'))
    .map((name) => new URL(name, DOCS)),
];

const CONTENT = {
  diagram(name: string): string {
    const scenario = readScenario(read(`diagrams/${name}.yaml`));
    return `${drawScenario(scenario, played(scenario))}\nexit ${String(scenario.exit)}`;
  },
  'failing diagram'(name: string): string {
    const scenario = readScenario(read(`diagrams/${name}.yaml`).replace('(N|)', '|'));
    return differences(scenario, played(scenario)) ?? '';
  },
  file: (path: string): string => read(path),
};

const played = (scenario: Scenario) => playScenario(scenario, scenario.protocols[0] ?? 'TLSv1.3');
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

const ROOT = new URL('../', import.meta.url);
const DOCS = new URL('docs/', ROOT);
const PLACE = /^( *)<!-- (diagram|failing diagram|file): (\S+) -->\n\n *(```\w+)\n[^]*?```$/gm;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const page of pages()) writeFileSync(page, filled(readFileSync(page, 'utf8')));
}
