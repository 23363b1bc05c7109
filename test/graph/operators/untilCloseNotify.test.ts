import { test } from 'uvu';
import { untilCloseNotify } from '../../../graph/operators/untilCloseNotify.ts';
import { law, owes, shows, type Result } from '../../support/laws.ts';

const data$: Result = (given$) => given$('from peer').pipe(untilCloseNotify());

law('untilCloseNotify', { 'to prog': data$ });

owes('untilCloseNotify', data$, {
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
      result             -a-#
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
      from peer          -(abNc|)
      result             -(ab|)
      reading from peer  ^!
    `,
});

shows(
  'untilCloseNotify: a close_notify and a FIN in the same frame are one end',
  `
    from peer          -a(N|)
    result             -a|
    reading from peer  ^-!
  `,
  { result: data$ },
);

shows(
  'untilCloseNotify: a fault behind the close_notify is not data either',
  `
    from peer          -a(N#)
    result             -a|
    reading from peer  ^-!
  `,
  { result: data$ },
);

test.run();
