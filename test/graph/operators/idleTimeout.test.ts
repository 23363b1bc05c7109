import { test } from 'uvu';
import { idleTimeout } from '../../../graph/operators/idleTimeout.ts';
import { law, owes, shows, type Result } from '../../support/laws.ts';

const after =
  (milliseconds: number): Result =>
  (given$, scheduler) =>
    given$('activity').pipe(idleTimeout(milliseconds, scheduler));

law('idleTimeout', { '-K 5': after(5) });

owes('idleTimeout', after(5), {
  value: `
      activity          -a-b
      result            --------(T|)
      reading activity  ^-------!
    `,
  completion: `
      activity          -a|
      result            ------(T|)
      reading activity  ^-!
    `,
  error: `
      activity          -a-#
      result            ---#
      reading activity  ^--!
    `,
  empty: `
      activity          |
      result            -----(T|)
      reading activity  (^!)
    `,
  never: `
      activity          --
      result            -----(T|)
      reading activity  ^----!
    `,
  unsubscribe: `
      activity          -a
      until             ---!
      result            ----
      reading activity  ^--!
    `,
  burst: `
      activity          -(abc|)
      result            ------(T|)
      reading activity  ^!
    `,
});

shows(
  'idleTimeout: an event in the very millisecond in which it would fire comes first',
  `
    activity  -----a
    result    ----------(T|)
  `,
  { result: after(5) },
);

shows(
  'idleTimeout: an event one millisecond too late does not count',
  `
    activity  ------a
    result    -----(T|)
  `,
  { result: after(5) },
);

shows(
  'idleTimeout: 0 is never',
  `
    activity  -a--- 60s b
    result    ------
  `,
  { result: after(0) },
);

test.run();
