import { readFileSync } from 'node:fs';

/** Milliseconds that the processor has spent on a process and the children that it has waited for, in steps of 10; proc(5), stat. */
export const processorTime = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name of the program stands in parentheses, and may have spaces and parentheses in it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(UTIME, UTIME + 4).reduce((sum, field) => sum + Number(field), 0);
  return ticks * TICK;
};

/** The place of utime, behind which stime, cutime and cstime stand, counted from the field after the name. */
const UTIME = 11;
/** Milliseconds: USER_HZ is 100 wherever Node runs on Linux. */
const TICK = 10;
