import type { Settings } from '../environment/settings.ts';
import type { Options } from '../options/options.ts';
import { appendFileAt, openAppendFile, type AppendFile } from './append-file.ts';
import { keyLogIn, LOGGING_KEYS, openKeyLog, type KeyLog } from './key-log.ts';
import { TRACING, tracesIn, type BeginTrace } from './open.ts';

/** The files that all connections write to; what is missing was not asked for, or cannot be opened. */
export interface Records {
  readonly trace: AppendFile | undefined;
  readonly keyLog: AppendFile | undefined;
}

/** Opens them; to be done while we may. */
export const openRecords = (
  { trace, keyLog }: Pick<Settings, 'trace' | 'keyLog'>,
  options: Options,
  { warn, info }: { readonly warn: (message: string) => void; readonly info: (message: string) => void },
): Records => {
  const tell = options.keyLog === undefined ? (told: string) => warn(`${told}, as SSLKEYLOGFILE says`) : info;
  return {
    trace: trace === undefined ? undefined : openAppendFile(trace, TRACING, warn),
    keyLog: keyLog === undefined ? undefined : openKeyLog(keyLog, { warn, tell }),
  };
};

/** A worker inherits them open. */
const RECORD_FDS = { trace: 4, keyLog: 5 } as const;

/** @param paths what was opened, under which name. */
export const inheritedRecords = (
  paths: { readonly trace: string | undefined; readonly keyLog: string | undefined },
  warn: (message: string) => void,
): Records => ({
  trace:
    paths.trace === undefined ? undefined : appendFileAt(RECORD_FDS.trace, paths.trace, { attempt: TRACING, warn }),
  keyLog:
    paths.keyLog === undefined
      ? undefined
      : appendFileAt(RECORD_FDS.keyLog, paths.keyLog, { attempt: LOGGING_KEYS, warn }),
});

/** The same, as a connection uses them. */
export interface Writers {
  readonly beginTrace: BeginTrace | undefined;
  readonly keyLog: KeyLog | undefined;
}

export const writersTo = ({ trace, keyLog }: Records): Writers => ({
  beginTrace: trace && tracesIn(trace),
  keyLog: keyLog && keyLogIn(keyLog),
});
