import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Account } from './account.ts';
import { judge } from './judge.ts';

// What each ending allows, and what it does not: the judge of the reliability run must be able to say no.

/** Both have said 10 bytes and heard all, the peer ended by close_notify and FIN, prog by exit 0. */
const good = (changes: Partial<Account> = {}): Account => ({
  protocol: 'TLSv1.3',
  policy: 'S',
  requireCloseNotify: true,
  hasIdleTimeout: false,
  handshake: 'finished',
  exit: 0,
  verdicts: ['closed: peer first by close_notify, prog by eof; sent close_notify; in 10 out 10; 40 ms; prog exited 0'],
  left: [],
  signal: undefined,
  ...changes,
  peer: {
    said: { least: 10, most: 10 },
    endings: ['peer says close_notify', 'peer sends FIN'],
    heard: 10,
    wrongAt: undefined,
    saw: 'close_notify, fin',
    bytesAfterCloseNotify: 0,
    stalled: false,
    sawOurEndFirst: false,
    ...changes.peer,
  },
  prog: {
    ran: true,
    said: { least: 10, most: 10 },
    heard: { bytes: 10, eof: true, wrong: false },
    readsToEof: true,
    ownEnd: { code: 0 },
    outputEndedBeforeReset: false,
    outputEndedBeforeOurs: true,
    outputEndedBeforeEof: false,
    ...changes.prog,
  },
});

const peer = (changes: Partial<Account['peer']>): Account['peer'] => ({ ...good().peer, ...changes });
const prog = (changes: Partial<Account['prog']>): Account['prog'] => ({ ...good().prog, ...changes });
const verdict = (ends: string, sent: string, [read, written]: readonly [number, number], end = 'prog exited 0') => [
  `closed: ${ends}; sent ${sent}; in ${String(read)} out ${String(written)}; 40 ms; ${end}`,
];

test('a connection on which all was right breaks nothing', () => {
  assert.equal(judge(good()), []);
});

for (const [what, account, problem] of [
  ['two verdicts', good({ verdicts: [...good().verdicts, ...good().verdicts] }), /^2 verdicts/],
  ['no verdict', good({ verdicts: [] }), /^0 verdicts/],
  ['something left', good({ left: ['a process'] }), /a process/],
  ['a wrong exit status', good({ exit: 98 }), /^exit 98 instead of 0/],
  ['a byte lost for prog', good({ prog: prog({ heard: { bytes: 9, eof: true, wrong: false } }) }), /9 of 10/],
  ['a byte lost for the peer', good({ peer: peer({ heard: 9 }) }), /close_notify after 9 of 10/],
  ['a byte too many', good({ peer: peer({ heard: 11 }) }), /more than prog has written/],
  ['a wrong byte for the peer', good({ peer: peer({ wrongAt: 3 }) }), /byte 3/],
  ['a wrong byte for prog', good({ prog: prog({ heard: { bytes: 10, eof: true, wrong: true } }) }), /had not said/],
  ['no EOF', good({ prog: prog({ heard: { bytes: 10, eof: false, wrong: false } }) }), /no EOF/],
  ['no close_notify under -S', good({ peer: peer({ saw: 'fin' }) }), /fin instead of close_notify, fin/],
  ['close_notify under -s', good({ policy: 's' }), /close_notify under -s/],
  ['something after close_notify', good({ peer: peer({ bytesAfterCloseNotify: 1 }) }), /after close_notify/],
  ['a timeout without -K', good({ verdicts: verdict('timeout first, x', 'close_notify', [10, 10]) }), /nobody asked/],
  ['a false count', good({ verdicts: verdict('peer first', 'close_notify', [10, 9]) }), /says out 9/],
  [
    'a reset before the end that is called a success',
    good({
      policy: 's',
      requireCloseNotify: false,
      verdicts: verdict('peer first by reset', 'fin', [10, 10]),
      peer: peer({ endings: ['peer resets'], saw: 'open' }),
    }),
    /^exit 0 instead of 111/,
  ],
  [
    'a truncation that is called a success',
    good({ peer: peer({ endings: ['peer sends FIN'] }) }),
    /^exit 0 instead of 98/,
  ],
  [
    'close_notify on a broken connection',
    good({
      exit: 98,
      peer: peer({ endings: ['peer sends a bad record'] }),
      prog: prog({ outputEndedBeforeOurs: false }),
    }),
    /that was broken/,
  ],
  [
    'prog run although the handshake failed',
    good({ handshake: 'failed', exit: 98, verdicts: verdict('handshake failed', 'nothing', [0, 0], 'prog not run') }),
    /prog was run/,
  ],
] as const) {
  test(`the judge sees ${what}`, () => {
    const problems = judge(account);
    assert.ok(
      problems.some((each) => problem.test(each)),
      JSON.stringify(problems),
    );
  });
}

test('a reset allows that anything is missing', () => {
  const account = good({
    exit: 111,
    verdicts: verdict('peer first by reset', 'nothing', [2, 3], 'prog was killed by signal 13'),
    peer: peer({ endings: ['peer resets'], heard: 2, saw: 'open' }),
    prog: prog({ heard: { bytes: 2, eof: true, wrong: false } }),
  });
  assert.equal(judge(account), []);
});

test('TLS 1.2 with -S allows that what comes after close_notify is missing, with -s not', () => {
  const missing = { protocol: 'TLSv1.2', peer: peer({ heard: 4 }) } as const;
  assert.equal(judge(good({ ...missing, policy: 'S' })), []);
  assert.equal(judge(good({ ...missing, policy: 's', peer: peer({ heard: 4, saw: 'fin' }) })), [
    'the peer has received 4 of 10 bytes that prog has written',
  ]);
});

test('our own ending allows under -S that prog does not hear the rest, under -N of TLS 1.3 not', () => {
  const deaf = { prog: prog({ heard: { bytes: 4, eof: true, wrong: false }, outputEndedBeforeEof: true }) };
  assert.equal(judge(good({ ...deaf, policy: 'S' })), []);
  assert.equal(judge(good({ ...deaf, policy: 'N' })), ['prog has read 4 of 10 bytes that the peer has said']);
});

test.run();
