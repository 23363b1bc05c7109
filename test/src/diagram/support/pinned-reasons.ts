import type { Expected } from '../../../../src/diagram/scenario.ts';

/**
 * Marks of diagrams, under the newest protocol of each, and why they are there: the operator and a piece of the text, the nearest
 * first. Written by hand, from graph/tunnel.ts.
 */
export const PINNED: readonly (readonly [file: string, label: Expected, mark: string, ...reasons: string[]])[] = [
  ['prog-eof-becomes-fin', 'start prog', 'h@0', 'unless: handshake was done'],
  ['prog-eof-becomes-fin', 'to peer', 'a@2', 'endBy: What prog writes goes to the peer'],
  ['prog-eof-becomes-fin', 'to peer', '|@4', 'endBy: bare FIN'],
  ['prog-eof-becomes-fin', 'to prog', 'x@1', 'untilCloseNotify: What the peer says goes to prog'],
  ['prog-eof-becomes-fin', 'to prog', '|@10', "untilCloseNotify: FIN is prog's EOF"],
  ['prog-eof-becomes-fin', 'hang up', 'T@10', 'allOf: Both directions had ended'],
  ['prog-eof-becomes-close-notify', 'to peer', 'N@4', 'endBy: with close_notify, and then FIN'],
  ['prog-eof-becomes-close-notify', 'to peer', '|@4', 'endBy: with close_notify, and then FIN'],
  ['prog-eof-becomes-close-notify', 'to prog', '|@4', 'untilDeaf: Our own ending also ended'],
  ['peer-close-notify-half-closes', 'to prog', '|@4', "untilCloseNotify: The peer's close_notify ended"],
  ['tls12-answers-close-notify-at-once', 'to peer', 'N@4', 'endBy: with close_notify', 'untilAnswered: at once'],
  ['tls12-answers-close-notify-at-once', 'to prog', '|@4', "untilCloseNotify: The peer's close_notify ended"],

  ['handshake-failure-runs-no-prog', 'hang up', 'T@4', 'firstOf: never any keys'],
  ['handshake-must-be-done-within-k', 'hang up', 'T@500', 'firstOf: never any keys', 'breakOn: not done within -K'],
  ['signal-during-the-handshake', 'hang up', 'T@2', 'firstOf: A signal came before the handshake was done'],

  ['truncation-is-an-error-under-big-j', 'to prog', '|@4', 'faultAsEof: a pipe', 'requireCloseNotify: Under -J'],
  ['truncation-is-an-error-under-big-j', 'hang up', 'T@9', 'allOf: Both directions had ended'],
  ['fin-inside-a-record-after-our-ending', 'to prog', '|@8', 'faultAsEof: The verdict tells how the peer ended'],
  ['fin-inside-a-record-after-our-ending', 'hang up', 'T@8', 'allOf: Both directions had ended'],
  ['bad-record-breaks-the-connection-under-s', 'to peer', '#@4', 'breakOn: neither close_notify nor FIN was sent'],
  ['bad-record-breaks-the-connection-under-s', 'to prog', '|@4', 'faultAsEof: it cannot be told of the fault'],
  ['bad-record-breaks-the-connection-under-s', 'hang up', 'T@4', 'firstOf: TLS was broken'],
  ['bad-record-after-our-ending-is-still-an-error', 'hang up', 'T@8', 'firstOf: TLS was broken'],
  ['reset-during-the-answer', 'hang up', 'T@9', 'firstOf: A system call on the connection had failed'],
  ['reset-after-our-ending-is-no-error', 'to prog', '|@9', 'excuseProvoked: a known answer'],
  ['reset-after-our-ending-is-no-error', 'hang up', 'T@9', 'allOf: Both', 'excuseProvoked: a known answer'],
  ['fault-after-a-signal-changes-nothing', 'to prog', '|@7', 'faultAsEof: The verdict tells how the peer ended'],

  ['write-fails-while-the-peer-still-sends', 'to peer', '#@6', 'breakOn: neither close_notify nor FIN was sent'],
  ['write-fails-while-the-peer-still-sends', 'to prog', '|@6', 'until: Writing to the peer had failed'],
  ['write-fails-while-the-peer-still-sends', 'hang up', 'T@6', 'firstOf: A system call on the connection had failed'],
  ['write-fails-at-our-close-notify', 'hang up', 'T@9', 'firstOf: A system call on the connection had failed'],

  ['signal-that-prog-ignores', 'signal to prog', 'i@5', 'shareLive: passed on to prog'],
  ['signal-that-prog-ignores', 'to peer', 'N@5005', 'endBy: with close_notify', 'linger: after a signal was over'],
  ['signal-that-prog-ignores', 'to prog', '|@5005', 'linger: after a signal was over'],
  ['signal-that-prog-ignores', 'hang up', 'T@6009', 'allOf: Both directions had ended'],
  [
    'signal-that-prog-ignores',
    'reading prog',
    '!@10005',
    'shareLive: No rule listened',
    'linger: kept its stdout open',
  ],
  ['signal-that-prog-talks-through', 'to peer', '|@30001', 'endBy: bare FIN', 'linger: after a signal was over'],
  ['signal-that-prog-talks-through', 'to prog', '|@30001', 'linger: after a signal was over'],
  ['signal-with-a-peer-that-takes-nothing', 'to peer', 'N@5', 'endBy: with close_notify, and then FIN'],
  ['signal-with-a-peer-that-takes-nothing', 'to prog', '|@5004', 'linger: after a signal was over'],
  ['signal-with-a-peer-that-takes-nothing', 'hang up', 'T@10004', 'linger: the peer kept TCP from ending'],

  ['linger-ends-after-silence', 'to prog', '|@3', 'until: Our ending was out, and prog had gone'],
  ['linger-ends-after-silence', 'hang up', 'T@8006', 'linger: the peer kept TCP from ending'],
  [
    'linger-ends-after-silence',
    'reading peer',
    '!@8006',
    'shareLive: No rule',
    'linger: the peer kept TCP from ending',
  ],
  ['prog-closes-its-stdin-early', 'to prog', '|@3', 'until: prog had closed its stdin'],
  ['idle-timeout-under-s', 'to peer', '|@101', 'endBy: bare FIN', 'idleTimeout: Nothing had moved'],
  ['idle-timeout-under-s', 'to prog', '|@101', 'idleTimeout: Nothing had moved'],
  ['idle-timeout-under-s', 'hang up', 'T@101', 'idleTimeout: Nothing had moved'],

  ['stalled-peer-stops-prog', 'demand prog', 'h@0', 'demand: Less than the high-water mark'],
  ['stalled-peer-stops-prog', 'demand prog', 'l@2', 'demand: The high-water mark or more'],
  ['stalled-peer-stops-prog', 'demand prog', 'h@6', 'demand: Less than the high-water mark'],
  ['stalled-prog-stops-the-peer', 'demand peer', 'h@7', 'demand: Less than the high-water mark'],
  ['stalled-prog-is-no-obstacle-after-our-ending', 'demand peer', 'h@8', 'demand: had ended', 'untilDeaf: Our own'],
  ['idle-timeout-with-a-peer-that-takes-nothing', 'demand prog', 'h@104', 'demand: had ended', 'idleTimeout: Nothing'],
  ['prog-eof-becomes-fin', 'reading peer', '^@0', 'shareLive: The first rule began'],
  ['prog-eof-becomes-fin', 'reading peer', '!@10', 'shareLive: The source had ended'],
  ['prog-eof-becomes-fin', 'reading prog', '!@4', 'shareLive: The source had ended'],
];
