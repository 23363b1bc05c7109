import type { Direction } from './results.ts';

/** What prog is to do: send back what it gets, or carry many bytes one way. */
export type Task = 'echo' | 'carry';

/** A program and its arguments. */
export type Prog = readonly [string, ...string[]];

/** Where a contender is to listen, and with what. `KEYFILE` and `CERTFILE` are in its environment too. */
export interface Place {
  readonly port: number;
  /** For its files; also its working directory. */
  readonly directory: string;
  readonly keyFile: string;
  readonly certFile: string;
  /** Leaf and intermediate. */
  readonly chainFile: string;
}

/** What the client says and expects before and after the bytes of a bulk run. */
export interface Talk {
  readonly greeting: string;
  readonly request: string;
  readonly farewell: string;
}

/** A program that puts TLS before a prog; or does as if, when it cannot. */
export interface Contender {
  readonly id: string;
  readonly label: string;
  /** How it is run, in a line. */
  readonly about: string;
  /** What has to be on PATH; or paths of what has to be there. */
  readonly programs: readonly string[];
  /** False: plain TCP. */
  readonly tls: boolean;
  /** Whether one process serves all connections. */
  readonly resident: boolean;
  /** How many processes it has while nobody is connected, if not one. */
  readonly processes?: number;
  /** It takes the next connection when the one before has ended. */
  readonly oneAtATime?: true;
  /** The same one, cutting a client that does not get on after so many milliseconds, if it can do that. */
  readonly impatient?: (milliseconds: number) => Contender;
  /** The command that serves the connection on descriptors 0 and 1, of those that need a super-server. */
  readonly perConnection?: (prog: Prog, place: Place) => readonly string[];
  /** The command that listens on `place.port`. */
  readonly listen: (task: Task, prog: Prog, place: Place) => readonly string[];
  /** Its answer to a line, if that is not the line. */
  readonly answer?: (line: string) => string;
  /** How to ask it for bytes, if it has no prog for that; undefined: it cannot. */
  readonly talk?: (direction: Direction, bytes: number, directory: string) => Talk | undefined;
}

/** One that serves a connection on descriptors 0 and 1, under tcpserver without its look-ups. */
export const underTcpserver = (
  contender: Omit<Contender, 'listen' | 'resident' | 'tls'> & Required<Pick<Contender, 'perConnection'>>,
): Contender => ({
  ...contender,
  programs: ['tcpserver', ...contender.programs],
  tls: true,
  resident: false,
  listen: (_, prog, place) => [...tcpserver(place), ...contender.perConnection(prog, place)],
});

/** Whether one server has many TLS connections at once. */
export const servesMany = ({ resident, tls, oneAtATime }: Contender): boolean =>
  resident && tls && oneAtATime === undefined;

/** The command before the program that serves a connection. At most 100 at a time; its default is 40. */
export const tcpserver = ({ port }: Place): readonly string[] => [
  'tcpserver',
  ...['-q', '-H', '-R', '-l0', '-c', '100', '127.0.0.1', String(port)],
];
