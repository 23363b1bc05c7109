import { test } from 'uvu';
import { until } from '../../../graph/operators/until.ts';
import { Fault } from '../../../graph/vocabulary.ts';
import { law, owes, shows, type Result } from '../../support/laws.ts';

const symbols = { w: undefined, '#': new Fault('reset', 'reset') };
const left$: Result = (given$) => given$('from prog').pipe(until(given$('we left')));
const either$: Result = (given$) => given$('from prog').pipe(until(given$('we left'), given$('grace over')));

law('until', { result: left$ }, symbols);

owes(
  'until',
  left$,
  {
    value: `
      from prog          -a-b-
      we left            -----
      result             -a-b-
      reading from prog  ^----
      reading we left    ^----
    `,
    completion: `
      from prog          -a-|
      we left            -----
      result             -a-|
      reading from prog  ^--!
      reading we left    ^--!
    `,
    error: `
      from prog          -a-#
      we left            -----
      result             -a-#
      reading from prog  ^--!
      reading we left    ^--!
    `,
    empty: `
      from prog          |
      we left            -----
      result             |
      reading from prog  (^!)
      reading we left    (^!)
    `,
    never: `
      from prog          ----
      we left            ----
      result             ----
      reading from prog  ^---
      reading we left    ^---
    `,
    unsubscribe: `
      from prog          -a-b-c
      we left            ------
      until              ---!
      result             -a----
      reading from prog  ^--!
      reading we left    ^--!
    `,
    burst: `
      we left            -(ww)
      from prog          -(abcd|)
      result             -|
      reading from prog  ^!
      reading we left    ^!
    `,
  },
  symbols,
);

shows(
  'until: the first of several ends it, and all are let go',
  `
    from prog           -a-b-c-
    we left             -------
    grace over          ----w--
    result              -a-b|
    reading from prog   ^---!
    reading we left     ^---!
    reading grace over  ^---!
  `,
  { result: either$ },
  symbols,
);

shows(
  'until: what has ended and said nothing has not happened',
  `
    from prog        -a-b-c|
    we left          --|
    result           -a-b-c|
    reading we left  ^-!
  `,
  { result: left$ },
  symbols,
);

shows(
  'until: a fault of another stream is not hidden',
  `
    from prog          -a-b-c|
    we left            --#
    result             -a#
    reading from prog  ^-!
  `,
  { result: left$ },
  symbols,
);

shows(
  'until: in one frame, what the source says before the other stream is passed',
  `
    from prog  -(a|)
    we left    -w
    result     -(a|)
  `,
  { result: left$ },
  symbols,
);

test.run();
