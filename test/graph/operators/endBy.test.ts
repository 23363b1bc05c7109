import { test } from 'uvu';
import { endBy } from '../../../graph/operators/endBy.ts';
import type { Bytes } from '../../../graph/vocabulary.ts';
import { law, owes, shows, type Result } from '../../support/laws.ts';

const under =
  (sendsCloseNotify: boolean): Result =>
  (given$) =>
    given$<Bytes>('from prog').pipe(endBy({ sendsCloseNotify }));

law('endBy', { 'under -s  to peer': under(false), 'under -S  to peer': under(true) });

owes('endBy', under(true), {
  value: `
      from prog          -a-b-
      result             -a-b-
      reading from prog  ^----
    `,
  completion: `
      from prog          -a-|
      result             -a-(N|)
      reading from prog  ^--!
    `,
  error: `
      from prog          -a-#
      result             -a-#
      reading from prog  ^--!
    `,
  empty: `
      from prog          |
      result             (N|)
      reading from prog  (^!)
    `,
  never: `
      from prog          ----
      result             ----
      reading from prog  ^---
    `,
  unsubscribe: `
      from prog          -a-b-c
      until              ---!
      result             -a----
      reading from prog  ^--!
    `,
  burst: `
      from prog          -(abcd|)
      result             -(abcdN|)
      reading from prog  ^!
    `,
});

shows(
  'endBy: under -s nothing is added',
  `
    from prog          -(ab|)
    result             -(ab|)
    reading from prog  ^!
  `,
  { result: under(false) },
);

shows(
  'endBy: after a fault nothing is added either way',
  `
    from prog  -a#
    under -s   -a#
    under -S   -a#
  `,
  { 'under -s': under(false), 'under -S': under(true) },
);

test.run();
