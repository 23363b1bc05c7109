import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { benchmark, MEASUREMENTS } from './benchmark.ts';
import { CONTENDERS } from './contenders.ts';
import { FULL, QUICK, type Plan } from './plan.ts';
import { TABLES } from './tables/tables.ts';

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  only: { type: 'string' },
  measure: { type: 'string' },
  rounds: { type: 'string' },
  out: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** Where `npm run docs` finds what it shows. */
const PUBLISHED = fileURLToPath(new URL('../docs/performance.json', import.meta.url));
const WIDTH = { printWidth: 120 };

const HELP = `usage: npm run bench -- [ --quick ] [ --only IDS ] [ --measure NAMES ] [ --rounds N ] [ --out FILE ]

Measures s6-tlsd, s6-tlsserver and what else puts TLS before a program, all on 127.0.0.1, and prints tables.
Build first (npm run build), and leave the machine alone meanwhile: a full run takes less than twenty minutes.

  --quick          a first look, in a few minutes
  --only IDS       only these contenders, separated by commas:
                   ${CONTENDERS.map(({ id }) => id).join(', ')}
  --measure NAMES  only these:
                   ${MEASUREMENTS.join(', ')}
  --rounds N       rounds of each measurement
  --out FILE       write the samples there, as JSON. By default a full run writes docs/performance.json, others nothing
`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const plan = values.quick ? QUICK : FULL;
  const results = await benchmark(
    chosen(CONTENDERS, ({ id }) => id, values.only),
    values.rounds === undefined ? plan : inRounds(plan, values.rounds),
    chosen(MEASUREMENTS, (name) => name, values.measure),
    (progress) => process.stderr.write(`${progress}\n`),
  );
  const partial = values.quick || [values.only, values.measure, values.rounds].some((option) => option !== undefined);
  const out = values.out ?? (partial ? undefined : PUBLISHED);
  if (out !== undefined)
    writeFileSync(out, await format(JSON.stringify(results, rounded), { ...WIDTH, parser: 'json' }));
  const tables = Object.entries(TABLES).map(([name, table]) => `## ${name}\n\n${table(results)}`);
  process.stdout.write(await format(tables.join('\n\n'), { ...WIDTH, parser: 'markdown' }));
}

/** Those whose names are in the list, in their own order; all without a list. */
function chosen<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  list: string | undefined,
): readonly Item[] {
  const wanted = list?.split(',') ?? items.map(nameOf);
  const unknown = wanted.filter((name) => !items.some((item) => nameOf(item) === name));
  if (unknown.length > 0) throw new Error(`there is no ${unknown.join(', ')}, but ${items.map(nameOf).join(', ')}`);
  return items.filter((item) => wanted.includes(nameOf(item)));
}

function inRounds(plan: Plan, text: string): Plan {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new Error(`--rounds wants a number from 1 to 999, not ${text}`);
  const rounds = Number(text);
  return {
    ...plan,
    rounds,
    startRounds: rounds,
    bulkRounds: rounds,
    otherBulkRounds: plan.otherBulkRounds && rounds,
    stalledRounds: rounds,
    heldRounds: rounds,
    stalledHandshakeRounds: rounds,
  };
}

/** Four digits are more than is known. */
const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;

// Servers are ended when this process exits, and not when a signal kills it.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
