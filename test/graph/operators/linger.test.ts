import { map } from 'rxjs';
import { test } from 'uvu';
import { linger } from '../../../graph/operators/linger.ts';
import { law, owes, shows, type Result } from '../../support/laws.ts';

const patience =
  (silence: number, total: number): Result =>
  (given$, scheduler) =>
    given$('from peer').pipe(
      linger({ silence, total }, scheduler),
      map(() => undefined),
    );

law('linger', { 'silence 5 total 30': patience(5, 30), 'silence 5 total 13': patience(5, 13) });

owes('linger', patience(5, 30), {
  value: `
      from peer          -a-b
      result             --------(T|)
      reading from peer  ^-------!
    `,
  completion: `
      from peer          -a|
      result             ------(T|)
      reading from peer  ^-!
    `,
  error: `
      from peer          -a-#
      result             ---#
      reading from peer  ^--!
    `,
  empty: `
      from peer          |
      result             -----(T|)
      reading from peer  (^!)
    `,
  never: `
      from peer          --
      result             -----(T|)
      reading from peer  ^----!
    `,
  unsubscribe: `
      from peer          -a
      until              ---!
      result             ----
      reading from peer  ^--!
    `,
  burst: `
      from peer          -(abc|)
      result             ------(T|)
      reading from peer  ^!
    `,
});

shows(
  'linger: both in the same millisecond are one',
  `
    from peer          ---a
    result             --------(T|)
    reading from peer  ^-------!
  `,
  { result: patience(5, 8) },
);

shows(
  'linger: a peer that never stops is left in the end',
  `
    from peer          -a-b-c-d-e-f
    result             ---------(T|)
    reading from peer  ^--------!
  `,
  { result: patience(5, 9) },
);

test.run();
