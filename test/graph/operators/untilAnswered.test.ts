import { test } from 'uvu';
import { untilAnswered } from '../../../graph/operators/untilAnswered.ts';
import type { Bytes } from '../../../graph/vocabulary.ts';
import { law, owes, shows, type Result } from '../../support/laws.ts';

const under =
  (answersAtOnce: boolean): Result =>
  (given$) =>
    given$<Bytes>('from prog').pipe(untilAnswered(given$('from peer'), { answersAtOnce }));

law('untilAnswered', { 'TLS 1.3     result': under(false), 'TLS 1.2     result': under(true) });

owes('untilAnswered', under(true), {
  value: `
      from prog          -a-b-
      from peer          -x----
      result             -a-b-
      reading from prog  ^----
    `,
  completion: `
      from prog          -a-|
      from peer          -x----
      result             -a-|
      reading from prog  ^--!
    `,
  error: `
      from prog          -a-#
      from peer          -x----
      result             -a-#
      reading from prog  ^--!
    `,
  empty: `
      from prog          |
      from peer          -x----
      result             |
      reading from prog  (^!)
    `,
  never: `
      from prog          ----
      from peer          -x----
      result             ----
      reading from prog  ^---
    `,
  unsubscribe: `
      from prog          -a-b-c
      from peer          -x----
      until              ---!
      result             -a----
      reading from prog  ^--!
    `,
  burst: `
      from prog          -(abcd|)
      from peer          -x----
      result             -(abcd|)
      reading from prog  ^!
    `,
});

shows(
  'untilAnswered: a close_notify in the frame of a byte, but before it, drops the byte',
  `
    from peer          --N
    from prog          -ab|
    result             -a|
    reading from prog  ^-!
    reading from peer  ^-!
  `,
  { result: under(true) },
);

shows(
  'untilAnswered: a close_notify in the frame of a byte, but after it, does not',
  `
    from prog          -ab--|
    from peer          --N
    result             -a(b|)
    reading from prog  ^-!
  `,
  { result: under(true) },
);

shows(
  'untilAnswered: a close_notify and the end in the same frame are one end',
  `
    from peer  --N
    from prog  -a|
    result     -a|
  `,
  { result: under(true) },
);

shows(
  'untilAnswered: the end of TCP without close_notify asks for no answer',
  `
    from peer  --|
    from prog  -a-b|
    result     -a-b|
  `,
  { result: under(true) },
);

shows(
  'untilAnswered: a fault of the peer ends it as a fault',
  `
    from peer  --#
    from prog  -a-b|
    result     -a#
  `,
  { result: under(true) },
);

test.run();
