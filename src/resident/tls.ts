import type { Buffer } from 'node:buffer';
import { canResume, resumable, secureContexts } from '../credentials/contexts.ts';
import type { Credentials } from '../credentials/credentials.ts';
import type { Options } from '../options/options.ts';
import { sideWith, type PeerDriver, type ServerSide } from '../tls/engine.ts';
import { alertRefused, type StartPeer } from '../tls/verify.ts';
import type { KeyLog } from '../trace/key-log.ts';

/** What a connection gets of the keys; it keeps those with which it has begun. */
export interface Tls {
  readonly side: ServerSide;
  /** See {@link alertRefused}. */
  readonly judged: (start: StartPeer) => PeerDriver;
}

/** All that connections need of TLS from now on. Throws what `secureContexts` throws, and then nothing has changed. */
export const tlsWith = (
  { credentials, ticketKeys }: Keys,
  options: Options,
  { keyLog, info }: { readonly keyLog: KeyLog | undefined; readonly info: (message: string) => void },
): Tls => {
  const contexts = secureContexts(credentials, options, resumable(ticketKeys, options));
  return {
    side: { ...sideWith(contexts, options), keyLog, resumable: canResume(options) },
    judged: alertRefused(contexts.all, options.clientCertificate, info),
  };
};

/** The secrets of a server. Plain data, but for the Buffer. */
export interface Keys {
  readonly credentials: Credentials;
  /** 48 random bytes, with which session tickets are encrypted. */
  readonly ticketKeys: Buffer;
}
