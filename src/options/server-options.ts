import { LAST_ID } from '../privileges.ts';
import { DEFAULTS, OPTIONS } from './options.ts';
import type { Options } from './options.ts';
import type { OptionOf } from './table.ts';

/** What the command line of s6-tlsserver may ask for. */
export interface ServerOptions extends Options {
  /** `-1`: the bound port on fd 1 when ready. */
  readonly printPort: boolean;
  /** Connections at once, 1 or more. */
  readonly maxConnections: number;
  /** Those of one client address, 1 or more; `Infinity`: as many as there may be at all. */
  readonly maxPerClient: number;
  /** Connections that may wait to be accepted: listen(2)'s backlog, 1 or more; the kernel cuts it to net.core.somaxconn. */
  readonly backlog: number;
  /** prog's user and group; what is undefined is kept. */
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** Processes that serve connections; 0: the one that listens does. */
  readonly workers: number;
}

export const SERVER_DEFAULTS: ServerOptions = {
  ...DEFAULTS,
  printPort: false,
  maxConnections: 40,
  maxPerClient: Infinity,
  backlog: 511,
  uid: undefined,
  gid: undefined,
  workers: 0,
};

/** A descriptor is a C int, and so is listen(2)'s backlog. */
const LAST_INT = 2_147_483_647;

/** As many processors as Linux can be built for (NR_CPUS on x86-64): a worker more has none to run on. */
const LAST_CPU = 8192;

export const SERVER_OPTIONS: readonly OptionOf<ServerOptions>[] = [
  {
    letter: '1',
    long: 'print-port',
    field: 'printPort',
    value: true,
    meaning: 'when ready, print the bound port, or path, on descriptor 1',
  },
  {
    letter: 'c',
    long: 'max-connections',
    field: 'maxConnections',
    argument: 'n',
    // Of 0 connections nobody is served; the same for -C.
    least: 1,
    most: LAST_INT,
    meaning: 'serve at most so many connections at once (default 40)',
  },
  {
    letter: 'C',
    long: 'max-per-client',
    field: 'maxPerClient',
    argument: 'n',
    least: 1,
    most: LAST_INT,
    meaning: 'at most so many of one client address (default: no limit but that of -c)',
  },
  {
    letter: 'b',
    long: 'backlog',
    field: 'backlog',
    argument: 'n',
    // 0 is not `none`: Node takes it for its default of 511, and Linux lets one connection wait.
    least: 1,
    most: LAST_INT,
    meaning: 'let at most so many wait for their turn (default 511)',
  },
  {
    letter: 'u',
    long: 'uid',
    field: 'uid',
    argument: 'uid',
    most: LAST_ID,
    meaning: 'run prog as this user, a number',
  },
  {
    letter: 'g',
    long: 'gid',
    field: 'gid',
    argument: 'gid',
    most: LAST_ID,
    meaning: 'run prog as this group, a number',
  },
  {
    letter: 'w',
    long: 'workers',
    field: 'workers',
    argument: 'n',
    most: LAST_CPU,
    meaning: 'serve from so many processes, 0 = from the one that listens (default)',
  },
  ...OPTIONS,
];
