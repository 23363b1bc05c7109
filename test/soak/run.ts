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
import { tellSchedule } from './words.ts';

/** Schedules of one seed. */
const RUNS = 50;
/** Milliseconds after the last connection was begun in which what was found is minimised and told; then the run ends in any case. */
const TELLING = 60_000;

const USAGE =
  'usage: npm run soak -- [--program s6-tlsd|s6-tlsserver|both] [--seconds 1-240] [--seed N [--path PATH]] [--jobs N] [--output FOLDER]';

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
  !programs.every(isProgram) || !(seconds >= 1 && seconds <= 240) || !(jobs >= 1) || !Number.isInteger(first);
if (wrong || (values.path !== undefined && (values.seed === undefined || programs.length > 1))) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(100);
}

const folder = values.output ?? mkdtempSync(join(tmpdir(), 'marble-tls-soak-found-'));
const switchboard = await Switchboard.open();
const begun = Date.now();
const hosts: Host[] = [];
let found = 0;

/** Ends the run, whatever is still open: Node 20 can keep a socket that was reset for ever. */
const end = async (): Promise<never> => {
  await Promise.all(hosts.map((host) => host.stop()));
  switchboard.close();
  if (found === 0 && values.output === undefined) rmSync(folder, { recursive: true });
  process.exit(found > 0 ? 1 : 0);
};
setTimeout(
  () => {
    process.stdout.write('the time is over; what was found last is not minimised\n');
    void end();
  },
  seconds * 1000 + TELLING,
);

for (const [index, program] of programs.filter(isProgram).entries()) {
  await soak(program, begun + (seconds * 1000 * (index + 1)) / programs.length);
}
await end();

/** Drives one program until a time of `Date.now()`, and tells what came out wrong. */
async function soak(program: ProgramName, until: number): Promise<void> {
  const endings = new Map<string, number>();
  const met = ({ exit }: Account): void => void endings.set(String(exit), (endings.get(String(exit)) ?? 0) + 1);
  const failed = ({ seed: its, problems, schedule }: Omit<Finding, 'path'>): void => {
    found += 1;
    const what = `${problems.join('; ')}\nschedule: ${tellSchedule(schedule)}`;
    process.stdout.write(`${program}: seed ${its}, to be minimised: ${what}\n`);
  };
  const findings: { readonly finding: Finding; readonly host: Host }[] = [];
  let seed = first;
  const left = Math.max(0, Math.round((until - Date.now()) / 1000));
  process.stdout.write(`${program}: seeds from ${first} on, for ${left} s\n`);
  const work = async (job: number): Promise<void> => {
    const host = PROGRAMS[program](switchboard);
    hosts.push(host);
    const trace = join(folder, `${program}-${job}.trace`);
    const order = { host, path: values.path, runs: values.path === undefined ? RUNS : 1, until, trace, met, failed };
    while (findings.length === 0 && Date.now() < until) {
      const finding = await hunt({ ...order, seed: values.path === undefined ? seed++ : first });
      if (finding !== undefined) findings.push({ finding, host });
    }
    if (findings.length === 0) rmSync(trace, { force: true });
  };
  await Promise.all(Array.from({ length: jobs }, (_, job) => work(job)));
  for (const { finding, host } of findings)
    process.stdout.write(`${await report(finding, { program, host, folder })}\n`);
  const total = [...endings.values()].reduce((sum, times) => sum + times, 0);
  const byStatus = [...endings].sort().map(([status, times]) => `${status} × ${times}`);
  const result = findings.length === 0 ? 'nothing wrong' : `${findings.length} wrong`;
  const seeds = `seeds ${first} to ${Math.max(first, seed - 1)}`;
  process.stdout.write(`${program}: ${total} connections, ${seeds}, exit ${byStatus.join(', ')}; ${result}\n`);
}
