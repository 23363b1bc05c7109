import type { Fault, FaultKind, Policy, ProgStatus, Protocol, Signal } from './vocabulary.ts';

/** What one closing policy means under one protocol version. */
export interface ClosingRules {
  /** Our FIN is preceded by close_notify. */
  readonly sendsCloseNotify: boolean;
  /** After our ending, what the peer still sends goes on reaching prog. */
  readonly keepsListening: boolean;
  /** The peer's close_notify is answered with ours at once, and what prog still writes is dropped. */
  readonly answersAtOnce: boolean;
}

/**
 * The closing policies, a row each.
 *
 * TLS 1.3 ends the two directions independently (RFC 8446 §6.1). TLS 1.2 asks that a close_notify is answered with
 * another "immediately, discarding any pending writes" (RFC 5246 §7.2.1), so that `-N` cannot listen on and is `-S`.
 * Under `-s` no close_notify is ever sent, so nothing is answered either.
 */
export const CLOSING_RULES: Readonly<Record<Protocol, Readonly<Record<Policy, ClosingRules>>>> = {
  'TLSv1.3': {
    s: { sendsCloseNotify: false, keepsListening: true, answersAtOnce: false },
    S: { sendsCloseNotify: true, keepsListening: false, answersAtOnce: false },
    N: { sendsCloseNotify: true, keepsListening: true, answersAtOnce: false },
  },
  'TLSv1.2': {
    s: { sendsCloseNotify: false, keepsListening: true, answersAtOnce: false },
    S: { sendsCloseNotify: true, keepsListening: false, answersAtOnce: true },
    N: { sendsCloseNotify: true, keepsListening: false, answersAtOnce: true },
  },
};

/** How far a fault reaches, and the exit status it gives. */
export interface FaultRules {
  /** `true`: neither direction can go on. `false`: only the inbound direction has ended; prog's answer is still sent. */
  readonly breaksConnection: boolean;
  /** 98: TLS broke. 111: a system call failed. */
  readonly exitStatus: 98 | 111;
}

/** The faults, a row each. */
export const FAULT_RULES: Readonly<Record<FaultKind, FaultRules>> = {
  handshake: { breaksConnection: true, exitStatus: 98 },
  truncation: { breaksConnection: false, exitStatus: 98 },
  cutRecord: { breaksConnection: false, exitStatus: 98 },
  alert: { breaksConnection: true, exitStatus: 98 },
  badRecord: { breaksConnection: true, exitStatus: 98 },
  reset: { breaksConnection: true, exitStatus: 111 },
};

/** A rule for people: what it does, as sentences, and what it rests on. */
export interface RuleText {
  readonly says: string;
  /** An RFC clause, or the option or behaviour of s6-tlsd. */
  readonly clause: string;
}

const HALF_CLOSE: RuleText = {
  says: "At prog's EOF the peer gets a bare FIN, without close_notify, and what the peer still sends goes on reaching prog.",
  clause: 's6-tlsd, -s',
};

/** What each row of {@link CLOSING_RULES} means. */
export const CLOSING_TEXTS: Readonly<Record<Protocol, Readonly<Record<Policy, RuleText>>>> = {
  'TLSv1.3': {
    s: HALF_CLOSE,
    S: {
      says: "At prog's EOF the peer gets close_notify and FIN; what it still sends is thrown away, and prog gets EOF.",
      clause: 'RFC 8446 §6.1; s6-tlsd, -S',
    },
    N: {
      says: "At prog's EOF the peer gets close_notify and FIN, and what it still sends goes on reaching prog: in TLS 1.3 each direction ends on its own.",
      clause: 'RFC 8446 §6.1',
    },
  },
  'TLSv1.2': {
    s: HALF_CLOSE,
    S: {
      says: "At prog's EOF, or at the peer's close_notify, the peer gets close_notify and FIN at once; what it still sends, and what prog still has to say, is thrown away.",
      clause: 'RFC 5246 §7.2.1; s6-tlsd, -S',
    },
    N: {
      says: "The same as -S, because in TLS 1.2 close_notify ends both directions: at prog's EOF, or at the peer's close_notify, the peer gets close_notify and FIN at once; what it still sends, and what prog still has to say, is thrown away.",
      clause: 'RFC 5246 §7.2.1',
    },
  },
};

/** What each row of {@link FAULT_RULES} means. */
export const FAULT_TEXTS: Readonly<Record<FaultKind, RuleText>> = {
  handshake: {
    says: 'The handshake failed, so prog was not run and TCP was closed.',
    clause: 'RFC 8446 §6.2',
  },
  truncation: {
    says: 'The peer ended TCP without close_notify, which -J forbids: what prog said was still sent.',
    clause: 'RFC 8446 §6.1; s6-tlsd, -J',
  },
  cutRecord: {
    says: "The peer's FIN came in the middle of a TLS record, which no option excuses: prog's answer was still sent.",
    clause: 'RFC 8446 §5.1, §6.1',
  },
  alert: {
    says: 'The peer sent a fatal alert: neither direction could go on, and TCP was closed at once.',
    clause: 'RFC 8446 §6.2',
  },
  badRecord: {
    says: 'A record from the peer could not be decrypted or parsed: neither direction could go on, and TCP was closed at once.',
    clause: 'RFC 8446 §5.2, §6.2',
  },
  reset: {
    says: 'A system call on the connection failed (a reset, a broken pipe): neither direction could go on.',
    clause: 'RFC 9293 §3.5.3',
  },
};

/** What decides the exit status instead of prog: the first fault or the first signal, whichever came first. */
export type Cause = { readonly fault: Fault } | { readonly signal: Signal };

/**
 * The exit status: the cause's when there is one, otherwise prog's own: its code, or 128 + n when signal n killed it.
 * A prog that is still running when we leave (only after a signal to us) never decides.
 */
export function exitStatusOf(cause: Cause | undefined, prog: ProgStatus | undefined): number {
  if (cause !== undefined) {
    return 'fault' in cause ? FAULT_RULES[cause.fault.kind].exitStatus : 128 + SIGNAL_NUMBERS[cause.signal];
  }
  if (prog === undefined) return 0;
  return 'code' in prog ? prog.code : 128 + prog.signal;
}

/** The same on every system we run on (signal(7)). */
const SIGNAL_NUMBERS: Readonly<Record<Signal, number>> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };
