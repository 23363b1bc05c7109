import { DEFAULTS, OPTIONS } from './options.ts';
import type { Options } from './options.ts';
import type { Program } from './table.ts';

/** The usage of what {@link OPTIONS} has. */
export const TLS_USAGE =
  '[ -S | -s | -N ] [ -J | -j ] [ -Y | -y ] [ -Z | -z ] [ -v verbosity ] [ -K kimeout ] [ -k snilevel ] [ --trace FILE ] [ --trace-content ] [ --keylog FILE ]';

export const S6_TLSD: Program<Options> = {
  name: 's6-tlsd',
  usage: `s6-tlsd ${TLS_USAGE} [ -- ] prog...`,
  description: 'Does the server side of TLS on descriptors 0 and 1, and runs prog behind it with plain pipes.',
  options: OPTIONS,
  defaults: DEFAULTS,
  environment: [
    ['KEYFILE, CERTFILE', 'private key, certificate chain: DER or PEM'],
    ['KEYFILE:name, CERTFILE:name', 'with -k: the pair for that server name, or *.domain'],
    ['CADIR or CAFILE', 'with -Y and -y: trust anchors, one a file or all in one'],
    ['TLS_UID, TLS_GID', 'as root: who handles bytes from the network'],
    ['MARBLE_TLS_TRACE', 'as --trace, which goes before it'],
    ['SSLKEYLOGFILE', 'as --keylog, which goes before it'],
  ],
};
