import { stringify } from 'yaml';
import { drawRows } from './rows.ts';
import { DEFAULTS, type Scenario } from './scenario.ts';
import { oneLine } from '../one-line.ts';

/** A scenario as the text of a diagram file; what has its default is left out. `comment`: lines before it. */
export function scenarioText(scenario: Scenario, comment: readonly string[]): string {
  const { given, expected } = scenario;
  const lines = drawRows([...given, ...expected]).split('\n');
  const hasFault = given.some(
    ({ label, marks }) => (label === 'from peer' || label === 'handshake') && hasMark(marks, '#'),
  );
  const hasWriteFault = given.some(({ label, marks }) => label === 'taken by peer' && hasMark(marks, '#'));
  const hasStatus = given.some(({ label, marks }) => label === 'prog exit' && hasMark(marks, 'x'));
  const sizes = Object.entries(scenario.bytes).map(([letter, bytes]) => `${plain(letter)}: ${bytes}`);
  return [
    ...comment.map((line) => `# ${oneLine(line)}`),
    `title: ${plain(scenario.title)}`,
    `clause: ${plain(scenario.clause)}`,
    `policy: ${plain(scenario.policy)}`,
    `protocols: [${scenario.protocols.join(', ')}]`,
    ...(scenario.requireCloseNotify ? ['requireCloseNotify: true'] : []),
    ...(scenario.idleTimeout > 0 ? [`idleTimeout: ${scenario.idleTimeout}`] : []),
    ...(scenario.highWaterMark === DEFAULTS.highWaterMark ? [] : [`highWaterMark: ${scenario.highWaterMark}`]),
    ...(sizes.length > 0 ? [`bytes: { ${sizes.join(', ')} }`] : []),
    ...(hasFault ? [`fault: ${plain(scenario.fault)}`] : []),
    ...(hasWriteFault ? [`writeFault: ${plain(scenario.writeFault)}`] : []),
    ...(hasStatus ? [`progStatus: ${plain(scenario.progStatus)}`] : []),
    'given: |',
    ...lines.slice(0, given.length).map((line) => `  ${line}`),
    'expected: |',
    ...lines.slice(given.length).map((line) => `  ${line}`),
    `verdict: ${plain(scenario.verdict)}`,
    `exit: ${scenario.exit}`,
    '',
  ].join('\n');
}

const hasMark = (marks: readonly { readonly symbol: string }[], symbol: string): boolean =>
  marks.some((mark) => mark.symbol === symbol);

/** A text on one line, quoted where YAML needs it: `y` and `n` are no texts to everybody. */
const plain = (text: string): string => stringify(oneLine(text), { lineWidth: 0, singleQuote: true }).trimEnd();
