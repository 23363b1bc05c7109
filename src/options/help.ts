import { OPTIONS } from './options.ts';

export const USAGE =
  's6-tlsd [ -S | -s | -N ] [ -J | -j ] [ -Y | -y ] [ -Z | -z ] [ -v verbosity ] [ -K kimeout ] [ -k snilevel ] [ --trace FILE ] [ --trace-content ] [ --keylog FILE ] [ -- ] prog...';

export const DESCRIPTION =
  'Does the server side of TLS on descriptors 0 and 1, and runs prog behind it with plain pipes.';

/** What `--help` shows below the description. */
export const helpText = (): string =>
  ['Usage', `  ${USAGE}`, '', 'Options', ...OPTION_LINES, '', 'Environment', ...ENVIRONMENT_LINES].join('\n');

/** `unknown` when run from its sources: the number is put in by the build. */
export const VERSION: string = typeof __VERSION__ === 'string' ? __VERSION__ : 'unknown';

declare const __VERSION__: string | undefined;

const helpLine = (names: string, meaning: string): string => `  ${names.padEnd(36)} ${meaning}`;

const OPTION_LINES: readonly string[] = [
  ...OPTIONS.map((option) => {
    const argument = 'argument' in option ? ` ${option.argument}` : '';
    const letter = option.letter === undefined ? '   ' : `-${option.letter},`;
    return helpLine(`${letter} --${option.long}${argument}`, option.meaning);
  }),
  helpLine('    --help', 'this text'),
  helpLine('    --version', 'the version'),
];

const ENVIRONMENT_LINES: readonly string[] = [
  helpLine('KEYFILE, CERTFILE', 'private key, certificate chain: DER or PEM'),
  helpLine('KEYFILE:name, CERTFILE:name', 'with -k: the pair for that server name, or *.domain'),
  helpLine('CADIR or CAFILE', 'with -Y and -y: trust anchors, one a file or all in one'),
  helpLine('TLS_UID, TLS_GID', 'as root: who handles bytes from the network'),
  helpLine('MARBLE_TLS_TRACE', 'as --trace, which goes before it'),
  helpLine('SSLKEYLOGFILE', 'as --keylog, which goes before it'),
];
