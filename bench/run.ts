import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { benchmark, MEASUREMENTS, type Measurement } from './benchmark.ts';
import { CONTENDERS } from './contenders.ts';
import { FULL, QUICK } from './plan.ts';
import { TABLES } from './tables.ts';

const HELP = `usage: npm run bench -- [ --quick ] [ --only IDS ] [ --measure NAMES ] [ --rounds N ] [ --out FILE ]

Measures s6-tlsd and what else puts TLS before a program, all on 127.0.0.1, and prints tables.
Build first (npm run build), and leave the machine alone meanwhile: a full run takes some ten minutes.

  --quick          a first look, in a minute or two
  --only IDS       only these contenders, separated by commas:
                   ${CONTENDERS.map(({ id }) => id).join(', ')}
  --measure NAMES  only these:
                   ${MEASUREMENTS.join(', ')}
  --rounds N       rounds of each measurement
  --out FILE       write the samples there, as JSON; if nothing is left out, it is docs/performance.json anyway
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    measure: { type: 'string' },
    rounds: { type: 'string' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit();
}
// So that servers are ended too: they are, when the process exits.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const chosen = <Name extends string>(names: readonly Name[], list: string | undefined): readonly Name[] => {
  const wanted = list?.split(',') ?? names;
  const unknown = wanted.filter((name) => !names.some((known) => known === name));
  if (unknown.length > 0) throw new Error(`unknown: ${unknown.join(', ')}; known: ${names.join(', ')}`);
  return names.filter((name) => wanted.includes(name));
};

const ids = chosen(
  CONTENDERS.map(({ id }) => id),
  values.only,
);
const measurements: readonly Measurement[] = chosen(MEASUREMENTS, values.measure);
const plan = values.quick ? QUICK : FULL;
const rounds = Number(values.rounds ?? NaN);
const all = !values.quick && values.only === undefined && values.measure === undefined && values.rounds === undefined;
const out = values.out ?? (all ? fileURLToPath(new URL('../docs/performance.json', import.meta.url)) : undefined);

const results = await benchmark(
  CONTENDERS.filter(({ id }) => ids.includes(id)),
  rounds > 0 ? { ...plan, rounds, bulkRounds: rounds } : plan,
  measurements,
  (progress) => process.stderr.write(`${progress}\n`),
);
if (out !== undefined) writeFileSync(out, await format(JSON.stringify(results), { parser: 'json', printWidth: 120 }));
const tables = Object.entries(TABLES).map(([name, table]) => `## ${name}\n\n${table(results)}`);
process.stdout.write(await format(tables.join('\n\n'), { parser: 'markdown', printWidth: 120 }));
