import { EXPECTED, GIVEN } from '../diagram/alphabet.ts';
import { LAWS } from '../../graph/laws.ts';
import type { Flags } from './arguments.ts';
import { TRACE_ROWS, type TraceRow } from './trace-rows.ts';
import { Trouble } from './trouble.ts';

/**
 * Which rows are wanted: those that `--rows` names, all with `--all`, otherwise those that are not shown seldom.
 *
 * @throws Trouble for a row that there is in no trace and in no diagram.
 */
export function rowFilter(flags: Flags): (row: TraceRow) => boolean {
  const asked = flags.get('rows');
  if (typeof asked !== 'string') return flags.has('all') ? () => true : ({ shown }) => shown !== 'seldom';
  const names = new Set(asked.split(',').map((name) => name.trim()));
  const stranger = [...names].find((name) => !KNOWN.has(name));
  if (stranger !== undefined) throw new Trouble(`--rows: no such row: ${stranger}; there are ${[...KNOWN].join(', ')}`);
  return ({ label, group }) => names.has(label) || (group === 'law' && names.has('laws'));
}

const KNOWN: ReadonlySet<string> = new Set([
  ...Object.values(TRACE_ROWS).map(({ label }) => label),
  ...Object.keys(GIVEN),
  ...Object.keys(EXPECTED),
  'laws',
  ...Object.keys(LAWS),
]);
