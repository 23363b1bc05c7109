import type { Policy } from '../../graph/vocabulary.ts';
import type { OptionOf } from './table.ts';

/** What the command line may ask for, of s6-tlsd and of s6-tlsserver alike: how a connection is to go. */
export interface Options {
  readonly policy: Policy;
  /** `-J`: the peer's FIN without close_notify is an error. */
  readonly requireCloseNotify: boolean;
  readonly clientCertificate: 'none' | 'optional' | 'mandatory';
  /** `-Z`: prog sees the TLS variables. */
  readonly keepEnvironment: boolean;
  /** 0 silent, 1 fatal errors, 2 one line at each end, 3 and more every event. */
  readonly verbosity: number;
  /** Milliseconds without data from either side; 0 waits for ever. */
  readonly idleTimeout: number;
  /** Which pairs there are: 0 the default one, 1 also those for server names, 2 only those. */
  readonly sniLevel: 0 | 1 | 2;
  /** Name of the file that gets the trace; `%p` in it is the process id. */
  readonly trace: string | undefined;
  /** The trace holds what was carried. */
  readonly traceContent: boolean;
  /** Name of the file that gets the session keys, with `%p` as above. */
  readonly keyLog: string | undefined;
}

export const DEFAULTS: Options = {
  policy: 's',
  requireCloseNotify: false,
  clientCertificate: 'none',
  keepEnvironment: false,
  verbosity: 1,
  idleTimeout: 0,
  sniLevel: 0,
  trace: undefined,
  traceContent: false,
  keyLog: undefined,
};

/** The command line as a table: read by the walk over argv, by what types its words, and by the help text. */
export const OPTIONS: readonly OptionOf<Options>[] = [
  {
    letter: 's',
    long: 'half-close',
    field: 'policy',
    value: 's',
    meaning: 'at the EOF of prog half-close TCP (default)',
  },
  {
    letter: 'S',
    long: 'close-notify',
    field: 'policy',
    value: 'S',
    meaning: 'at the EOF of prog send close_notify, then FIN',
  },
  {
    letter: 'N',
    long: 'notify-half-close',
    field: 'policy',
    value: 'N',
    meaning: 'as -S, and go on reading from the peer',
  },
  {
    letter: 'j',
    long: 'allow-truncation',
    field: 'requireCloseNotify',
    value: false,
    meaning: 'the peer may end without close_notify (default)',
  },
  {
    letter: 'J',
    long: 'require-close-notify',
    field: 'requireCloseNotify',
    value: true,
    meaning: 'a FIN without close_notify from the peer is an error',
  },
  {
    letter: 'Y',
    long: 'request-client-certificate',
    field: 'clientCertificate',
    value: 'optional',
    meaning: 'ask for a client certificate, and verify it if it comes',
  },
  {
    letter: 'y',
    long: 'require-client-certificate',
    field: 'clientCertificate',
    value: 'mandatory',
    meaning: 'insist on a client certificate',
  },
  {
    letter: 'z',
    long: 'clean-environment',
    field: 'keepEnvironment',
    value: false,
    meaning: 'hide the TLS variables from prog (default)',
  },
  {
    letter: 'Z',
    long: 'keep-environment',
    field: 'keepEnvironment',
    value: true,
    meaning: 'show the TLS variables to prog',
  },
  {
    letter: 'v',
    long: 'verbosity',
    field: 'verbosity',
    argument: 'n',
    most: Infinity,
    meaning: '0 silent, 1 fatal errors (default), 2 start and verdict, 3 every event',
  },
  {
    letter: 'K',
    long: 'idle-timeout',
    field: 'idleTimeout',
    argument: 'ms',
    // What a timer of Node takes: a longer one would go off at once.
    most: 2_147_483_647,
    meaning: 'end after so many milliseconds without data, 0 = never (default)',
  },
  {
    letter: 'k',
    long: 'sni-level',
    field: 'sniLevel',
    argument: 'n',
    most: 2,
    meaning: '1: key pairs by server name too, 2: only those (default 0)',
  },
  {
    long: 'trace',
    field: 'trace',
    argument: 'FILE',
    meaning: 'append a trace of the connection to FILE; %p is the process id',
  },
  {
    long: 'trace-content',
    field: 'traceContent',
    value: true,
    meaning: 'with a trace: also what was said, not only how much',
  },
  {
    long: 'keylog',
    field: 'keyLog',
    argument: 'FILE',
    meaning: 'append the session keys to FILE, for Wireshark; %p is the process id',
  },
];
