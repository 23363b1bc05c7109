import { test } from 'uvu';
import { untilDeaf } from '../../../graph/operators/untilDeaf.ts';
import type { Bytes } from '../../../graph/vocabulary.ts';
import { law, owes, shows, type Result } from '../../support/laws.ts';

const under =
  (keepsListening: boolean): Result =>
  (given$) =>
    given$<Bytes>('from peer').pipe(untilDeaf(given$('we ended'), { keepsListening }));

law('untilDeaf', { '-S         result': under(false), '-N         result': under(true) });

owes('untilDeaf', under(false), {
  value: `
      from peer          -a-b-
      we ended           ------w
      result             -a-b--|
      reading from peer  ^-----!
    `,
  completion: `
      from peer          -a-|
      we ended           -----w
      result             -a-|
      reading from peer  ^--!
    `,
  error: `
      from peer          -a-#
      we ended           -----w
      result             -a-#
      reading from peer  ^--!
    `,
  empty: `
      from peer          |
      we ended           -----w
      result             |
      reading from peer  (^!)
    `,
  never: `
      from peer          ----
      we ended           ----
      result             ----
      reading from peer  ^---
    `,
  unsubscribe: `
      from peer          -a-b-c
      we ended           ------w
      until              ---!
      result             -a----
      reading from peer  ^--!
      reading we ended   ^--!
    `,
  burst: `
      from peer          -(abcd|)
      we ended           -----w
      result             -(abcd|)
      reading from peer  ^!
    `,
});

shows(
  'untilDeaf: our ending in the frame of a byte, but before it, ends without the byte',
  `
    we ended           --w
    from peer          -ab|
    result             -a|
    reading from peer  ^-!
  `,
  { result: under(false) },
);

shows(
  'untilDeaf: our ending in the frame of a byte, but after it, ends with the byte',
  `
    from peer          -ab--|
    we ended           --w
    result             -a(b|)
    reading from peer  ^-!
  `,
  { result: under(false) },
);

test.run();
