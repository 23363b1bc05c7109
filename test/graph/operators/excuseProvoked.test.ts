import type { Observable, SchedulerLike } from 'rxjs';
import { test } from 'uvu';
import { excuseProvoked } from '../../../graph/operators/excuseProvoked.ts';
import { remember } from '../../../graph/operators/remember.ts';
import { Fault } from '../../../graph/vocabulary.ts';
import { law, owes, shows, type Result } from '../../support/laws.ts';

const symbols = { w: undefined, '#': new Fault('reset', 'connection reset by peer') };
const after =
  (sendsCloseNotify: boolean): Result =>
  (given$, scheduler) =>
    given$('from peer').pipe(excuseProvoked(remembered(given$('we ended'), scheduler), { sendsCloseNotify }));

/** What the tunnel gives the operator: a fact that is listened to from the beginning. */
function remembered(weEnded$: Observable<unknown>, scheduler: SchedulerLike): Observable<unknown> {
  const fact$ = weEnded$.pipe(remember());
  scheduler.schedule(() => fact$.subscribe());
  return fact$;
}

law('excuseProvoked', { result: after(true) }, symbols);

owes(
  'excuseProvoked',
  after(true),
  {
    value: `
      from peer          -a-b-
      we ended           ------
      result             -a-b-
      reading from peer  ^----
    `,
    completion: `
      from peer          -a-|
      we ended           ------
      result             -a-|
      reading from peer  ^--!
    `,
    error: `
      from peer          -a-#
      we ended           ------
      result             -a-#
      reading from peer  ^--!
    `,
    empty: `
      from peer          |
      we ended           ------
      result             |
      reading from peer  (^!)
    `,
    never: `
      from peer          ----
      we ended           ------
      result             ----
      reading from peer  ^---
    `,
    unsubscribe: `
      from peer          -a-b-c
      we ended           ------
      until              ---!
      result             -a----
      reading from peer  ^--!
    `,
    burst: `
      from peer          -(abcd|)
      we ended           ------
      result             -(abcd|)
      reading from peer  ^!
    `,
  },
  symbols,
);

shows(
  'excuseProvoked: a reset in the frame of our ending, but after it, is excused',
  `
    we ended           --w
    from peer          -x#
    result             -x|
    reading from peer  ^-!
  `,
  { result: after(true) },
  symbols,
);

shows(
  'excuseProvoked: a reset in the frame of our ending, but before it, is not',
  `
    from peer          -x#
    we ended           --w
    result             -x#
    reading from peer  ^-!
  `,
  { result: after(true) },
  symbols,
);

shows(
  'excuseProvoked: the end of the source after our ending is no other end',
  `
    we ended   -w
    from peer  --x|
    result     --x|
  `,
  { result: after(true) },
  symbols,
);

for (const [detail, sendsCloseNotify, excused] of [
  ['decode_error', false, true],
  ['decode_error', true, false],
  ['unexpected_message', false, false],
] as const) {
  shows(
    `excuseProvoked: the alert ${detail} after ${sendsCloseNotify ? 'our close_notify' : 'our bare FIN'} is ${excused ? '' : 'not '}excused`,
    `
    we ended   -w
    from peer  --x#
    result     --x${excused ? '|' : '#'}
    `,
    { result: after(sendsCloseNotify) },
    { w: undefined, '#': new Fault('alert', detail) },
  );
}

for (const kind of ['cutRecord', 'badRecord', 'truncation'] as const) {
  shows(
    `excuseProvoked: a ${kind} after our ending is not excused`,
    `
    we ended   -w
    from peer  --x#
    result     --x#
    `,
    { result: after(false) },
    { w: undefined, '#': new Fault(kind, kind) },
  );
}

test.run();
