import { rmSync } from 'node:fs';
import * as fc from 'fast-check';
import type { Account } from './account.ts';
import type { Host } from './hosts/host.ts';
import { judge } from './judge.ts';
import { play } from './play.ts';
import { schedulesOf } from './schedules.ts';
import type { Schedule } from './words.ts';

/** Some schedules, all of which follow from `seed`. */
export interface Hunt {
  readonly host: Host;
  readonly seed: number;
  /** Of the one schedule to play, in the words of fast-check; all of them without. */
  readonly path?: string | undefined;
  readonly runs: number;
  /** Milliseconds of `Date.now()` after which no connection is begun. */
  readonly until: number;
  /** Where the traces of the connections that have one are written, each over the last. */
  readonly trace: string;
  /** Hears of every connection that came to its end. */
  readonly met?: (account: Account) => void;
  /** Hears of the first failure, before it is minimised. */
  readonly failed?: (finding: Omit<Finding, 'path'>) => void;
}

/** A schedule that came out wrong, after minimising. */
export interface Finding {
  readonly seed: number;
  readonly path: string;
  readonly schedule: Schedule;
  readonly problems: readonly string[];
}

/** Plays schedules until one comes out wrong, and minimises that: for 40 s at most, since a connection that hangs costs 15 s. */
export const hunt = async (order: Hunt): Promise<Finding | undefined> => {
  const { host, seed, path, runs, met, failed } = order;
  let { until } = order;
  let finding: Omit<Finding, 'path' | 'seed'> | undefined;
  const check = async (schedule: Schedule): Promise<void> => {
    if (Date.now() > until) return;
    const trace = schedule.traced ? order.trace : undefined;
    const problems = await problemsOf(schedule, { host, trace, met });
    if (problems.length === 0) return;
    if (finding === undefined) {
      until = Date.now() + MINIMISING;
      failed?.({ seed, schedule, problems });
    }
    finding = { schedule, problems };
    throw new Error(problems.join('; '));
  };
  const result = await fc.check(fc.asyncProperty(schedulesOf(host.possible(seed)), check), {
    seed,
    numRuns: runs,
    ...(path !== undefined && { path, endOnFailure: true }),
  });
  if (finding === undefined) return undefined;
  return { ...finding, seed, path: result.counterexamplePath ?? '' };
};

/** What was wrong with one connection; a connection that did not come to its end is one of the problems. */
export const problemsOf = async (
  schedule: Schedule,
  { host, trace, met }: { host: Host; trace?: string | undefined; met?: Hunt['met'] },
): Promise<readonly string[]> => {
  if (trace !== undefined) rmSync(trace, { force: true });
  try {
    const account = await play(schedule, host, trace);
    met?.(account);
    return judge(account);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
};

/** Milliseconds. */
const MINIMISING = 40_000;
