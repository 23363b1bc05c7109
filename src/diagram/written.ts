import type { Verdict } from '../../graph/verdict.ts';
import type { Mark } from './rows.ts';
import type { Expected } from './scenario.ts';

type Rows = Readonly<Record<Expected, readonly Mark[]>>;

/** What must never happen, whatever the scenario. */
export function lawsBroken(rows: Rows, verdicts: readonly Verdict[]): readonly string[] {
  const broken: string[] = [];
  const said = rows['to peer'].map(({ symbol }) => symbol).join('');
  if (/N[^|]/.test(said)) broken.push('something was said after our close_notify');
  if (verdicts.length !== 1) broken.push(`${String(verdicts.length)} verdicts`);
  if (rows['hang up'].length !== 1) broken.push(`hung up ${String(rows['hang up'].length)} times`);
  return broken;
}

export const emptyRows = <T>(): Record<Expected, T[]> => ({
  'start prog': [],
  'to peer': [],
  'to prog': [],
  'hang up': [],
  'demand peer': [],
  'demand prog': [],
  'reading peer': [],
  'reading prog': [],
  'signal to prog': [],
});
