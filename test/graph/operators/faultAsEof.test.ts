import { test } from 'uvu';
import { faultAsEof } from '../../../graph/operators/faultAsEof.ts';
import { law, owes, shows, type Result } from '../../support/laws.ts';

const shown$: Result = (given$) => given$('from peer').pipe(faultAsEof());

law('faultAsEof', { 'to prog': shown$ });

owes('faultAsEof', shown$, {
  value: `
      from peer          -a-b-
      result             -a-b-
      reading from peer  ^----
    `,
  completion: `
      from peer          -a-|
      result             -a-|
      reading from peer  ^--!
    `,
  error: `
      from peer          -a-#
      result             -a-|
      reading from peer  ^--!
    `,
  empty: `
      from peer          |
      result             |
      reading from peer  (^!)
    `,
  never: `
      from peer          ----
      result             ----
      reading from peer  ^---
    `,
  unsubscribe: `
      from peer          -a-b-c
      until              ---!
      result             -a----
      reading from peer  ^--!
    `,
  burst: `
      from peer          -(abcd|)
      result             -(abcd|)
      reading from peer  ^!
    `,
});

shows(
  'faultAsEof: all data in the frame of the fault comes first',
  `
    from peer          -(ab#)
    result             -(ab|)
    reading from peer  ^!
  `,
  { result: shown$ },
);

test.run();
