import { EMPTY, ignoreElements, merge, NEVER } from 'rxjs';
import { test } from 'uvu';
import { toVerdict, type Facts } from '../../../graph/operators/toVerdict.ts';
import { faults } from '../../../graph/operators/faults.ts';
import { Fault, type Bytes, type ProgStatus, type Signal } from '../../../graph/vocabulary.ts';
import type { PeerEnding, Verdict } from '../../../graph/verdict.ts';
import { law, owes, shows, type Given, type Result } from '../../support/laws.ts';

const NOTHING: Facts = {
  peerEnded$: NEVER,
  progEnded$: NEVER,
  weEnded$: NEVER,
  idle$: NEVER,
  signal$: NEVER,
  fault$: NEVER,
  progExit$: NEVER,
  toProg$: NEVER,
  toPeer$: NEVER,
};
const QUIET: Omit<Verdict, 'milliseconds'> = {
  first: 'timeout',
  peerEnded: undefined,
  progEnded: false,
  weEnded: 'nothing',
  bytesIn: 0,
  bytesOut: 0,
  prog: undefined,
  cause: undefined,
  secured: true,
};

const reset = new Fault('reset', 'ECONNRESET');
const prog = { code: 0 };
const symbols = { 0: prog, n: 'close_notify', t: 'SIGTERM', '#': reset };

const from =
  (facts: (given$: Given) => Partial<Facts>): Result =>
  (given$, scheduler) =>
    given$('over').pipe(toVerdict({ ...NOTHING, ...facts(given$) }, scheduler));
const alone$ = from(() => ({}));
const withExit$ = from((given$) => ({ progExit$: given$<ProgStatus>('prog exit') }));

law('toVerdict', { verdict: withExit$ }, { ...symbols, v: { ...QUIET, prog } });

owes(
  'toVerdict',
  alone$,
  {
    value: `
      over          --o--o
      result        --(v|)
      reading over  ^-!
    `,
    completion: `
      over          --|
      result        --|
      reading over  ^-!
    `,
    error: `
      over          --#
      result        --#
      reading over  ^-!
    `,
    empty: `
      over          |
      result        |
      reading over  (^!)
    `,
    never: `
      over          ----
      result        ----
      reading over  ^---
    `,
    unsubscribe: `
      over          ----o
      until         --!
      result        ----
      reading over  ^-!
    `,
    burst: `
      over          --(ooo|)
      result        --(v|)
      reading over  ^-!
    `,
  },
  { ...symbols, v: QUIET },
);

shows(
  'toVerdict: what happens in the same instant, but later, is part of the story',
  `
    over       --o
    prog exit  --0
    result     --(v|)
  `,
  { result: withExit$ },
  { ...symbols, v: { ...QUIET, prog } },
);

shows(
  'toVerdict: what happens after it is not',
  `
    over       --o
    prog exit  ---0
    result     --(v|)
  `,
  { result: withExit$ },
  { ...symbols, v: QUIET },
);

const ends$ = from((given$) => ({
  peerEnded$: given$<PeerEnding>('peer ended'),
  progEnded$: given$('prog ended'),
}));

shows(
  'toVerdict: who ended first, peer before prog in the same frame',
  `
    peer ended  -n
    prog ended  -w
    over        --o
    result      --(v|)
  `,
  { result: ends$ },
  { ...symbols, v: { ...QUIET, first: 'peer', peerEnded: 'close_notify', progEnded: true } },
);

shows(
  'toVerdict: who ended first, prog before peer in the same frame',
  `
    prog ended  -w
    peer ended  -n
    over        --o
    result      --(v|)
  `,
  { result: ends$ },
  { ...symbols, v: { ...QUIET, first: 'prog', peerEnded: 'close_notify', progEnded: true } },
);

const causes$ = from((given$) => ({
  fault$: merge(given$('from peer').pipe(faults()), NEVER),
  signal$: given$<Signal>('signal'),
}));

shows(
  'toVerdict: the first cause decides, a fault before a signal in the same frame',
  `
    from peer  -#
    signal     -t
    over       --o
    result     --(v|)
  `,
  { result: causes$ },
  { ...symbols, v: { ...QUIET, first: 'SIGTERM', cause: { fault: reset } } },
);

shows(
  'toVerdict: the first cause decides, a signal before a fault in the same frame',
  `
    signal     -t
    from peer  -#
    over       --o
    result     --(v|)
  `,
  { result: causes$ },
  { ...symbols, v: { ...QUIET, first: 'SIGTERM', cause: { signal: 'SIGTERM' } } },
);

shows(
  'toVerdict: bytes are counted each way, and a fault of ours ends the count, not the story',
  `
    to prog  -ab|
    to peer  -cdeN#
    over     --------o
    result   --------(v|)
  `,
  {
    result: from((given$) => ({
      toProg$: given$<Bytes>('to prog'),
      toPeer$: given$('to peer'),
      idle$: EMPTY.pipe(ignoreElements()),
    })),
  },
  { v: { ...QUIET, bytesIn: 2, bytesOut: 3 } },
);

test.run();
