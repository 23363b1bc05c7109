import type { Schedule } from '../words.ts';
import type { Switchboard } from '../switchboard.ts';

/** The options of a schedule, which both programs have. */
export const optionsOf = (
  { policy, requireCloseNotify, idleTimeout }: Pick<Schedule, 'policy' | 'requireCloseNotify' | 'idleTimeout'>,
  trace: string | undefined,
): readonly string[] => [
  `-${policy}v2`,
  ...(requireCloseNotify ? ['-J'] : []),
  ...(idleTimeout > 0 ? [`-K${String(idleTimeout)}`] : []),
  ...(trace === undefined ? [] : [`--trace=${trace}`]),
];

/** The command line of prog. */
export const progOf = ({ ignoresSigpipe }: Schedule, { path }: Switchboard): readonly string[] => [
  'perl',
  PROG,
  path,
  ...(ignoresSigpipe ? ['ignore'] : []),
];

/** The lines of fd 2 that tell a verdict. */
export const verdictsIn = (stderr: string): readonly string[] =>
  stderr.split('\n').flatMap((line) => /(?<=: )closed: .*/.exec(line) ?? []);

const PROG = new URL('../prog.pl', import.meta.url).pathname;
