import type { Reason } from './reasons.ts';

/** What holds when no law has to decide anything, by what came of it. */
export const STANDING = {
  started: {
    operator: 'unless',
    says: 'The handshake was done, so prog was started. Until then it is not run, and if it fails, never.',
    clause: 'RFC 8446 §4.4.4; RFC 5246 §7.4.9',
  },
  dataToPeer: {
    operator: 'endBy',
    says: 'What prog writes goes to the peer as it is, in its order; the policy only decides how it ends.',
    clause: 's6-tlsd, relaying',
  },
  bareFin: {
    operator: 'endBy',
    says: 'The policy ends what goes to the peer with a bare FIN, without close_notify.',
    clause: 's6-tlsd, -s',
  },
  dataToProg: {
    operator: 'untilCloseNotify',
    says: 'What the peer says goes to prog as it is, in its order, until its close_notify.',
    clause: 's6-tlsd, relaying',
  },
  finAsEof: {
    operator: 'untilCloseNotify',
    says: "The peer's FIN is prog's EOF: there is nothing more to bring it.",
    clause: 'RFC 9293 §3.6; s6-tlsd, -j',
  },
  faultAsEof: {
    operator: 'faultAsEof',
    says: 'prog reads from a pipe, and EOF is all that a pipe can say: it cannot be told of the fault. The verdict tells how the peer ended.',
    clause: 'pipe(7)',
  },
  unwritable: {
    operator: 'until',
    says: 'Writing to the peer had failed, and that ends both directions: what the peer still sends is not brought to prog.',
    clause: 's6-tlsd, exit codes',
  },
  stdinGone: {
    operator: 'until',
    says: 'prog had closed its stdin, so there is nobody to bring anything to: what the peer still sends is read and thrown away.',
    clause: 'write(2), EPIPE',
  },
  thrownAway: {
    operator: 'until',
    says: 'Our ending was out, and prog had gone: what the peer still sends is read and thrown away, so that TCP can end without a reset.',
    clause: 'RFC 9112 §9.6, lingering close',
  },
  noKeys: {
    operator: 'firstOf',
    says: 'There were never any keys, so there was nothing to carry, and TCP was let go of.',
    clause: 'RFC 8446 §6.2; RFC 5246 §7.2.2',
  },
  interrupted: {
    operator: 'firstOf',
    says: 'A signal came before the handshake was done: prog had not been started, and TCP was let go of.',
    clause: 's6-tlsd, signals',
  },
  tlsBroken: {
    operator: 'firstOf',
    says: 'TLS was broken, by a fatal alert or by a record that could not be read: neither direction could go on, and TCP was let go of at once.',
    clause: 'RFC 8446 §6.2; RFC 5246 §7.2.2',
  },
  tcpBroken: {
    operator: 'firstOf',
    says: 'A system call on the connection had failed (a reset, a broken pipe): neither direction could go on, and TCP was let go of at once.',
    clause: 'RFC 9293 §3.5.3',
  },
  bothEnded: {
    operator: 'allOf',
    says: "Both directions had ended, the peer's and ours, so TCP was let go of.",
    clause: 'RFC 9293 §3.6',
  },
  readOn: {
    operator: 'demand',
    says: 'Less than the high-water mark was on its way, so the source may be read.',
    clause: 'pipe(7), back-pressure',
  },
  waitForRoom: {
    operator: 'demand',
    says: 'The high-water mark or more was on its way and not yet taken, so the source is not read on.',
    clause: 'pipe(7), back-pressure',
  },
  nothingHeldBack: {
    operator: 'demand',
    says: 'What goes there had ended, so nothing has to wait for room any more: what the source still says is read and thrown away.',
    clause: 'pipe(7), back-pressure',
  },
  readingBegins: {
    operator: 'shareLive',
    says: 'The first rule began to listen, and the source is read once for all of them.',
    clause: 'RxJS, share',
  },
  sourceEnded: {
    operator: 'shareLive',
    says: 'The source had ended, so it was let go of.',
    clause: 'RxJS, share',
  },
  unread: {
    operator: 'shareLive',
    says: 'No rule listened to the source any more, so it was let go of.',
    clause: 'RxJS, share',
  },
  foregone: {
    operator: 'continueWith',
    says: 'What ended it had happened before the handshake was done, and was seen only then.',
    clause: 'RFC 8446 §4.4.4; RFC 5246 §7.4.9',
  },
  signal: {
    operator: 'shareLive',
    says: 'A signal that comes to us is passed on to prog, if it still runs.',
    clause: 's6-tlsd, signals',
  },
} as const satisfies Readonly<Record<string, Reason>>;
