// The reliability run: random connections to the programs until the time is over or one comes out wrong. docs/reliability.md
// says what is checked.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Account } from './account.ts';
import { hunt, type Finding } from './hunt.ts';
import type { Host } from './hosts/host.ts';
import { isProgram, PROGRAMS, type ProgramName } from './programs.ts';
import { report } from './report.ts';
import { Switchboard } from './switchboard.ts';

/** Schedules of one seed. */
const RUNS = 50;

const USAGE =
  'usage: npm run soak -- [--program s6-tlsd|s6-tlsserver|both] [--seconds 1-300] [--seed N [--path PATH]] [--jobs N] [--output FOLDER]';

const { values } = parseArgs({
  options: {
    program: { type: 'string', default: 'both' },
    seconds: { type: 'string', default: '240' },
    seed: { type: 'string' },
    path: { type: 'string' },
    jobs: { type: 'string', default: String(availableParallelism() + 1) },
    output: { type: 'string' },
  },
});
const programs: readonly string[] = values.program === 'both' ? Object.keys(PROGRAMS) : [values.program];
const seconds = Number(values.seconds);
const jobs = values.path === undefined ? Number(values.jobs) : 1;
const first = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
const wrong =
  !programs.every(isProgram) || !(seconds >= 1 && seconds <= 300) || !(jobs >= 1) || !Number.isInteger(first);
if (wrong || (values.path !== undefined && (values.seed === undefined || programs.length > 1))) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(100);
}

const folder = values.output ?? mkdtempSync(join(tmpdir(), 'marble-tls-soak-found-'));
const switchboard = await Switchboard.open();
const share = (seconds * 1000) / programs.length;
let found = 0;
for (const program of programs.filter(isProgram)) found += await soak(program);
switchboard.close();
if (found === 0 && values.output === undefined) rmSync(folder, { recursive: true });
process.exitCode = found > 0 ? 1 : 0;

/** Drives one program for its share of the time; returns how many schedules came out wrong. */
async function soak(program: ProgramName): Promise<number> {
  const until = Date.now() + share;
  const endings = new Map<string, number>();
  const met = ({ exit }: Account): void => void endings.set(String(exit), (endings.get(String(exit)) ?? 0) + 1);
  const findings: { readonly finding: Finding; readonly host: Host }[] = [];
  const hosts: Host[] = [];
  let seed = first;
  process.stdout.write(`${program}: seeds from ${String(first)} on, for ${String(Math.round(share / 1000))} s\n`);
  const work = async (job: number): Promise<void> => {
    const host = PROGRAMS[program](switchboard);
    hosts.push(host);
    const trace = join(folder, `${program}-${String(job)}.trace`);
    const order = { host, path: values.path, runs: values.path === undefined ? RUNS : 1, until, trace, met };
    do {
      const finding = await hunt({ ...order, seed: seed++ });
      if (finding !== undefined) findings.push({ finding, host });
      if (values.path !== undefined) seed = first;
    } while (findings.length === 0 && Date.now() < until);
    if (findings.length === 0) rmSync(trace, { force: true });
  };
  await Promise.all(Array.from({ length: jobs }, (_, job) => work(job)));
  for (const { finding, host } of findings)
    process.stdout.write(`${await report(finding, { program, host, folder })}\n`);
  await Promise.all(hosts.map((host) => host.stop()));
  const total = [...endings.values()].reduce((sum, times) => sum + times, 0);
  const byStatus = [...endings].sort().map(([status, times]) => `${status} × ${String(times)}`);
  process.stdout.write(
    `${program}: ${String(total)} connections, seeds ${String(first)} to ${String(seed - 1)}, exit ${byStatus.join(', ')}; ` +
      `${findings.length === 0 ? 'nothing wrong' : `${String(findings.length)} wrong`}\n`,
  );
  return findings.length;
}
