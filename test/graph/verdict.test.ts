import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Fault } from '../../graph/vocabulary.ts';
import { exitStatus, tellVerdict, type Verdict } from '../../graph/verdict.ts';

const plain: Verdict = {
  first: 'peer',
  peerEnded: 'close_notify',
  progEnded: true,
  weEnded: 'close_notify',
  bytesIn: 6,
  bytesOut: 12,
  milliseconds: 41,
  prog: { code: 0 },
  cause: undefined,
  secured: true,
};

const failed: Verdict = {
  ...plain,
  peerEnded: undefined,
  progEnded: false,
  weEnded: 'nothing',
  bytesIn: 0,
  bytesOut: 0,
  prog: undefined,
  secured: false,
};

/** Every variant of every part of the sentence, with what makes it, and the exit status that goes with it. */
const SENTENCES: readonly (readonly [line: string, exit: number, verdict: Verdict])[] = [
  ['closed: peer first by close_notify, prog by eof; sent close_notify; in 6 out 12; 41 ms; prog exited 0', 0, plain],
  [
    'closed: peer first by fin, prog by eof; sent fin; in 6 out 12; 41 ms; prog exited 3',
    3,
    { ...plain, peerEnded: 'fin', weEnded: 'fin', prog: { code: 3 } },
  ],
  [
    'closed: prog first by eof, peer by close_notify; sent close_notify; in 6 out 12; 41 ms; prog exited 0',
    0,
    { ...plain, first: 'prog' },
  ],
  [
    'closed: prog first by eof, peer still open; sent close_notify; in 6 out 12; 41 ms; prog was killed by signal 9',
    137,
    { ...plain, first: 'prog', peerEnded: undefined, prog: { signal: 9 } },
  ],
  [
    'closed: peer first by fin, prog by eof; sent fin; in 6 out 12; 41 ms; prog exited 0',
    98,
    { ...plain, peerEnded: 'fin', weEnded: 'fin', cause: { fault: new Fault('truncation', 'without close_notify') } },
  ],
  ...(
    [
      ['reset', new Fault('reset', 'connection reset by peer'), 111],
      ['alert bad_record_mac', new Fault('alert', 'bad_record_mac'), 98],
      ['fin inside a record', new Fault('cutRecord', '12 bytes are missing'), 98],
      ['bad record', new Fault('badRecord', 'wrong version number'), 98],
      ['fin', new Fault('truncation', 'without close_notify'), 98],
      ['timed out', new Fault('handshake', 'timed out'), 98],
    ] as const
  ).map(
    ([how, fault, exit]) =>
      [
        `closed: peer first by ${how}, prog still writing; sent nothing; in 6 out 12; 41 ms; prog exited 0`,
        exit,
        { ...plain, peerEnded: fault, progEnded: false, weEnded: 'nothing', cause: { fault } },
      ] as const,
  ),
  [
    'closed: timeout first, peer still open, prog still writing; sent close_notify; in 6 out 12; 41 ms; prog exited 0',
    0,
    { ...plain, first: 'timeout', peerEnded: undefined, progEnded: false },
  ],
  ...(
    [
      ['SIGTERM', 143],
      ['SIGINT', 130],
      ['SIGHUP', 129],
    ] as const
  ).map(
    ([signal, exit]) =>
      [
        `closed: ${signal} first, peer by fin, prog still writing; sent fin; in 6 out 12; 41 ms; prog still running`,
        exit,
        {
          ...plain,
          first: signal,
          peerEnded: 'fin',
          progEnded: false,
          weEnded: 'fin',
          prog: undefined,
          cause: { signal },
        },
      ] as const,
  ),
  [
    'closed: handshake failed, no shared cipher; sent nothing; in 0 out 0; 41 ms; prog not run',
    98,
    { ...failed, cause: { fault: new Fault('handshake', 'no shared cipher') } },
  ],
  [
    'closed: handshake failed, SIGTERM; sent nothing; in 0 out 0; 41 ms; prog not run',
    143,
    { ...failed, cause: { signal: 'SIGTERM' } },
  ],
];

for (const [line, exit, verdict] of SENTENCES) {
  test(`${String(exit)}: ${line}`, () => {
    assert.is(tellVerdict(verdict), line);
    assert.is(exitStatus(verdict), exit);
  });
}

test.run();
