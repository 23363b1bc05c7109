import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTraces } from '../../src/inspect/read-trace.ts';
import { specOf } from '../../src/inspect/spec/spec.ts';
import type { Finding } from './hunt.ts';
import { problemsOf } from './hunt.ts';
import type { Host } from './hosts/host.ts';
import { tellSchedule } from './words.ts';

/** Where a failure is to be reported. */
export interface ReportTo {
  readonly program: string;
  readonly host: Host;
  readonly folder: string;
}

/**
 * Tells of a failure: what was wrong, how to have it again, the schedule. Plays it again, up to {@link REPLAYS} times and for as long
 * as {@link REPLAYING} allows, until it fails with a trace, and turns that trace into a diagram file, ready to be corrected and put into diagrams/.
 */
export const report = async (finding: Finding, { program, host, folder }: ReportTo): Promise<string> => {
  const { seed, path, schedule } = finding;
  mkdirSync(folder, { recursive: true });
  const name = join(folder, `${program}-${String(seed)}-${path.replaceAll(':', '-')}`);
  const trace = `${name}.trace`;
  const lines = [
    `${program}: ${finding.problems.join('; ')}`,
    `schedule: ${tellSchedule(schedule)}`,
    `as data: ${JSON.stringify(schedule)}`,
    `replay: npm run soak -- --program ${program} --seed ${String(seed)} --path ${path}`,
  ];
  const until = Date.now() + REPLAYING;
  let replay = 0;
  while (replay < REPLAYS && Date.now() < until) {
    replay += 1;
    const problems = await problemsOf({ ...schedule, traced: true }, { host, trace });
    if (problems.length === 0) continue;
    if (!existsSync(trace)) return [...lines, 'no trace: the program was stopped before it had a verdict'].join('\n');
    return [...lines, `trace: ${trace} (replay ${String(replay)})`, writeDiagram(name, trace, problems)].join('\n');
  }
  return [...lines, `it did not fail again in ${String(replay)} replays with a trace`].join('\n');
};

/** The diagram expects what was recorded: where that is wrong, a person has to say what is right. */
const writeDiagram = (name: string, trace: string, problems: readonly string[]): string => {
  try {
    const [recording] = readTraces(trace, readFileSync(trace, 'utf8')).recordings;
    if (recording === undefined) return 'no diagram: the trace is empty';
    const { text, differs } = specOf(recording);
    const notes = [
      ...problems.map((problem) => `# Found by the reliability run: ${problem.replaceAll('\n', ' ')}.`),
      '# What is expected here is what was recorded. Write what is right instead.',
      ...(differs.length > 0 ? [`# The rules do not do what was recorded in: ${differs.join(', ')}.`] : []),
    ];
    writeFileSync(`${name}.yaml`, `${notes.join('\n')}\n${text}`);
    return `diagram: ${name}.yaml`;
  } catch (error) {
    // A program that hangs writes no verdict, and a recording can be too long to be drawn.
    return `no diagram: ${(error as Error).message}`;
  }
};

const REPLAYS = 20;
/** Milliseconds. */
const REPLAYING = 10_000;
