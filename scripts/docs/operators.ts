import { readdirSync } from 'node:fs';
import { LAWS } from '../../graph/laws.ts';
import { playScenario } from '../../src/diagram/play.ts';
import { decisionsIn } from '../../src/diagram/picture.ts';
import type { Picture } from '../../src/picture/picture.ts';
import { casesOf, firstSentence, readOperator, type Operator } from './operator-source.ts';
import { diagrams, image, played, read, ROOT } from './project.ts';

/** The reference of the operators: Markdown, and the pictures it shows by their paths in docs/. */
export function operatorsReference(): { readonly markdown: string; readonly pictures: ReadonlyMap<string, Picture> } {
  const pictures = new Map<string, Picture>();
  const scenarios = seenIn();
  const operators = inOrderOfUse(names().map(readOperator));
  const index = operators.map(({ name, law }) => `- [${name}](#${name.toLowerCase()}): ${firstSentence(law)}`);
  const sections = operators.map((operator) => {
    const images = casesOf(operator).map((picture, i) => {
      const path = `pictures/operators/${operator.name}-${String(i + 1)}.svg`;
      pictures.set(path, picture);
      return image(picture, path);
    });
    return section(operator, images, scenarios);
  });
  return { markdown: [index.join('\n'), ...sections].join('\n\n'), pictures };
}

function section(
  operator: Operator,
  images: readonly string[],
  scenarios: ReadonlyMap<string, readonly string[]>,
): string {
  const { name, path, signature, law, rows, contract, parameters } = operator;
  const laws = Object.entries(LAWS).filter(([, { operator: own }]) => own === name);
  return [
    `## ${name}`,
    law,
    ...images,
    `\`\`\`text\n${rows}\n\`\`\``,
    contract,
    `\`\`\`ts\n${signature};\n\`\`\``,
    parameters.map((parameter) => `- \`${parameter.name}\`: ${parameter.text}`).join('\n'),
    laws.map(([key, { says, clause }]) => `Applied in the tunnel as \`${key}\`: ${says} (${clause})`).join('\n\n'),
    seen(scenarios.get(name) ?? []),
    `Source: [${path}](../${path})`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function seen(scenarios: readonly string[]): string {
  if (scenarios.length === 0) return '';
  const links = scenarios.map((name) => `- [${played(name).scenario.title}](../diagrams/${name}.yaml)`);
  const count = scenarios.length === 1 ? 'one scenario' : `${String(scenarios.length)} scenarios`;
  return `<details>\n<summary>Seen in ${count}</summary>\n\n${links.join('\n')}\n\n</details>`;
}

/** The scenarios in which an operator decides something, under its name. */
function seenIn(): ReadonlyMap<string, readonly string[]> {
  const scenarios = new Map<string, string[]>();
  for (const name of diagrams()) {
    const { scenario } = played(name);
    const decisions = scenario.protocols.flatMap((protocol) => decisionsIn(playScenario(scenario, protocol)));
    for (const operator of new Set(decisions.map(({ law }) => LAWS[law].operator))) {
      scenarios.set(operator, [...(scenarios.get(operator) ?? []), name]);
    }
  }
  return scenarios;
}

/** As the tunnel names them for the first time; one that only another operator uses stands behind that one. */
function inOrderOfUse(operators: readonly Operator[]): readonly Operator[] {
  const body = read('graph/tunnel.ts').replaceAll(/^import .*$/gm, '');
  const first = ({ name }: Operator): number => body.search(new RegExp(`\\b${name}\\(`));
  const [used, parts] = [operators.filter((own) => first(own) >= 0), operators.filter((own) => first(own) < 0)];
  return used
    .sort((a, b) => first(a) - first(b))
    .flatMap((own) => [own, ...parts.filter(({ name }) => read(own.path).includes(`'./${name}.ts'`))]);
}

const names = (): readonly string[] =>
  readdirSync(new URL('graph/operators/', ROOT)).map((file) => file.replace(/\.ts$/, ''));
