import { differences, drawScenario } from '../../src/diagram/compare.ts';
import { readScenario } from '../../src/diagram/scenario.ts';
import { image, pictureOf, play, played, read } from './project.ts';

/**
 * Fills in what stands after one of these in a page, a fenced block:
 *
 * - `<!-- diagram: name -->`: what diagrams/name.yaml does when it is played, as text;
 * - `<!-- failing diagram: name -->`: what a test would say if it expected a bare FIN there;
 * - `<!-- file: path -->`: a file of the project, as it is;
 *
 * and the image after `<!-- picture: name -->`: the same as a drawing, in `pictures`, a folder as seen from the page.
 *
 * @throws when there is no such diagram or file.
 */
export const filled = (page: string, pictures: string): string =>
  page
    .replaceAll(BLOCK, (_, indent: string, kind: string, name: string, opening: string) => {
      const lines = CONTENT[kind as keyof typeof CONTENT](name).trimEnd().split('\n');
      const block = lines.map((line) => (line === '' ? '' : indent + line)).join('\n');
      return `${indent}<!-- ${kind}: ${name} -->\n\n${indent}${opening}\n${block}\n${indent}\`\`\``;
    })
    .replaceAll(
      PICTURE,
      (_, name: string) => `<!-- picture: ${name} -->\n\n${image(pictureOf(name), `${pictures}/${name}.svg`)}\n`,
    );

/** The names of the diagrams that a page shows as drawings. */
export const picturesIn = (page: string): readonly string[] => [...page.matchAll(PICTURE)].map(([, name = '']) => name);

const CONTENT = {
  diagram(name: string): string {
    const { scenario, actual } = played(name);
    return `${drawScenario(scenario, actual)}\nexit ${String(scenario.exit)}`;
  },
  'failing diagram'(name: string): string {
    const { scenario, actual } = play(readScenario(read(`diagrams/${name}.yaml`).replace('(N|)', '|')));
    return differences(scenario, actual) ?? '';
  },
  file: read,
};

const BLOCK = /^( *)<!-- (diagram|failing diagram|file): (\S+) -->\n\n *(```\w+)\n[^]*?```$/gm;
const PICTURE = /^<!-- picture: (\S+) -->\n(?:\n!\[.*\n)?/gm;
