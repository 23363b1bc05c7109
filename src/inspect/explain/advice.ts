import type { Facts } from './facts.ts';

interface Advice {
  readonly when: (facts: Facts) => boolean;
  readonly says: string;
}

/** What to change, as far as this connection gives reason for it. */
export const adviceFor = (facts: Facts): readonly string[] =>
  ADVICE.filter(({ when }) => when(facts)).map(({ says }) => says);

const ADVICE: readonly Advice[] = [
  {
    when: ({ closing: { cause } }) => failedBy(cause, 'http request'),
    says: 'The peer spoke plain HTTP: give it an https address, or this port a server without TLS.',
  },
  {
    when: ({ laws }) => laws.has('handshakeTimeout'),
    says: 'If peers are slow rather than gone, allow more with -K: it limits the handshake as a whole.',
  },
  {
    when: ({ closing: { weEnded }, alert }) => weEnded === 'fin' && alert === 'decode_error',
    says: 'The peer uses OpenSSL 3, which reports "unexpected eof while reading" after a bare FIN: use -S or -N.',
  },
  {
    when: ({ closing: { weEnded }, bytes }) => weEnded === 'fin' && bytes.toPeer > 0,
    says: 'If the protocol does not say itself how long an answer is, use -S or -N: then the peer can tell the end from a cut.',
  },
  {
    when: ({ closing: { peerEnded, cause }, header }) =>
      peerEnded === 'fin' && cause === null && !header.requireCloseNotify,
    says: 'If the protocol does not say itself how long a request is, use -J: then an end without close_notify is exit 98.',
  },
  {
    when: ({ closing: { cause } }) => cause !== null && 'fault' in cause && cause.fault === 'truncation',
    says: 'If peers like this one are known to end without close_notify, and the protocol says how long a request is, leave out -J.',
  },
  {
    when: ({ laws, bytes }) => laws.has('untilAnswered') && bytes.fromProg > bytes.toPeer,
    says: 'A TLS 1.2 peer that wants the whole answer must read it before it sends close_notify. Otherwise use TLS 1.3, or -s.',
  },
  {
    when: ({ laws, bytes }) => laws.has('untilDeaf') && bytes.fromPeer > bytes.toProg,
    says: 'If prog is to get what the peer sends after our ending, use -N with TLS 1.3, or -s.',
  },
  {
    when: ({ closing: { cause }, endingTaken }) =>
      cause !== null && 'fault' in cause && cause.fault === 'reset' && !endingTaken,
    says: 'Look at the peer: it left, or closed TCP with unread data, before it had the whole answer. Lingering on its side avoids that.',
  },
  {
    when: ({ laws }) => laws.has('linger'),
    says: 'The peer keeps TCP open when all is said, and each such connection holds a process here: make it close, or shorten the wait with -K.',
  },
  {
    when: ({ laws }) => laws.has('idleTimeout'),
    says: 'If one side may be silent for that long, allow more with -K.',
  },
  {
    when: ({ laws }) => laws.has('signalGrace') || laws.has('unheard'),
    says: 'Let prog end its output soon when its stdin ends or a signal comes.',
  },
  {
    when: ({ closing: { peerEnded } }) => peerEnded === 'cutRecord' || peerEnded === 'badRecord',
    says: 'Look at the peer, and at whatever stands between it and us.',
  },
];

type Cause = Facts['closing']['cause'];
const failedBy = (cause: Cause, detail: string): boolean =>
  cause !== null && 'fault' in cause && cause.fault === 'handshake' && cause.detail === detail;
