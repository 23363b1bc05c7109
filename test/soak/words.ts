import type { Policy, Protocol } from '../../graph/vocabulary.ts';
import type { Wiring } from '../live/support/host.ts';

/** What one connection is to live through. Plain data: fast-check makes it, minimises it, and prints it. */
export interface Schedule {
  readonly protocol: Protocol;
  readonly policy: Policy;
  /** `-J`. */
  readonly requireCloseNotify: boolean;
  /** `-K`, in milliseconds; 0: never. */
  readonly idleTimeout: number;
  readonly wiring: Wiring;
  /** With a trace, which runs code that an ordinary connection does not. */
  readonly traced: boolean;
  readonly ignoresSigpipe: boolean;
  readonly handshake: HandshakeFate;
  readonly steps: readonly Step[];
  readonly conclusion: Conclusion;
}

/** What becomes of the handshake; all but `finished` are the end. */
export type HandshakeFate = 'finished' | 'plain HTTP' | 'FIN' | 'RST' | 'ClientHello, FIN' | 'ClientHello, RST';

/** Something that somebody does. One that makes no sense any more, such as data after a FIN, is left out when its turn comes. */
export type Step = (PeerStep | ProgStep | ProgramStep) & {
  /** The next step waits until this one is done, unless that would be a wait for a later step. */
  readonly awaited: boolean;
};

export type PeerStep =
  | { readonly does: 'peer sends' | 'peer sends byte by byte'; readonly bytes: number }
  | { readonly does: PeerEnding | 'peer stops reading' | 'peer reads on' | 'peer hears all' };

/** How the peer can end, in TLS and in TCP. */
export type PeerEnding =
  | 'peer says close_notify'
  | 'peer sends FIN'
  | 'peer sends FIN inside a record'
  | 'peer sends a bad record'
  | 'peer sends an alert'
  | 'peer resets';

export type ProgStep =
  | { readonly does: 'prog writes' | 'prog reads'; readonly bytes: number }
  | { readonly does: 'prog exits'; readonly code: number }
  | { readonly does: 'prog crashes'; readonly signal: number }
  | { readonly does: 'prog reads to EOF' | 'prog closes stdin' | 'prog closes stdout' | 'prog leaves a grandchild' }
  | { readonly does: 'grandchild exits' };

/** What is done to the program under test. `stopped` is SIGSTOP: what comes meanwhile it meets at once. */
export type ProgramStep =
  | { readonly does: 'program is stopped' | 'program goes on' }
  | { readonly does: 'program gets a signal'; readonly signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP' };

/** How a connection that its steps have left open comes to its end. */
export interface Conclusion {
  /** `silence` is only for `-K`: nobody does anything until it runs out. */
  readonly first: 'peer' | 'prog' | 'silence';
  readonly progReadsToEof: boolean;
  readonly code: number;
  /** How the peer ends, if it has not. */
  readonly peerBy: 'close_notify, FIN' | 'FIN' | 'RST';
}

/** A schedule for people, in one line; `~` is a step that the next one does not wait for. */
export const tellSchedule = (schedule: Schedule): string => {
  const { protocol, policy, requireCloseNotify, idleTimeout, wiring, traced, ignoresSigpipe, handshake } = schedule;
  const { steps, conclusion } = schedule;
  const options = [
    `-${policy}`,
    ...(requireCloseNotify ? ['-J'] : []),
    ...(idleTimeout > 0 ? [`-K ${String(idleTimeout)}`] : []),
    protocol,
    wiring,
    ...(traced ? ['traced'] : []),
    ...(ignoresSigpipe ? ['prog ignores SIGPIPE'] : []),
    ...(handshake === 'finished' ? [] : [`handshake: ${handshake}`]),
  ];
  const { first, progReadsToEof, code, peerBy } = conclusion;
  const end = `end: ${first} first, prog ${progReadsToEof ? 'reads to EOF, ' : ''}exits ${String(code)}, peer by ${peerBy}`;
  return [options.join(' '), ...steps.map(tellStep), end].join('; ');
};

const tellStep = ({ awaited, does, ...details }: Step): string =>
  [awaited ? does : `~${does}`, ...Object.values(details).map(String)].join(' ');
