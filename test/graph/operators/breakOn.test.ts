import { test } from 'uvu';
import { breakOn } from '../../../graph/operators/breakOn.ts';
import { Fault } from '../../../graph/vocabulary.ts';
import { law, owes, shows, type Result } from '../../support/laws.ts';

const fault = new Fault('badRecord', 'bad record');
const symbols = { f: fault, '#': fault };
const broken$: Result = (given$) => given$('from prog').pipe(breakOn(given$<Fault>('fault')));

law('breakOn', { 'to peer': broken$ }, symbols);

owes(
  'breakOn',
  broken$,
  {
    value: `
      from prog          -a-b-
      fault              -----
      result             -a-b-
      reading from prog  ^----
      reading fault      ^----
    `,
    completion: `
      from prog          -a-|
      fault              -----f
      result             -a-|
      reading from prog  ^--!
      reading fault      ^--!
    `,
    error: `
      from prog          -a-#
      fault              -----
      result             -a-#
      reading from prog  ^--!
      reading fault      ^--!
    `,
    empty: `
      from prog          |
      fault              ---f
      result             |
      reading from prog  (^!)
      reading fault      (^!)
    `,
    never: `
      from prog          ----
      fault              ----
      result             ----
      reading from prog  ^---
      reading fault      ^---
    `,
    unsubscribe: `
      from prog          -a-b-c
      fault              ------
      until              ---!
      result             -a----
      reading from prog  ^--!
      reading fault      ^--!
    `,
    burst: `
      from prog          -(abcd|)
      fault              --
      result             -(abcd|)
      reading from prog  ^!
      reading fault      ^!
    `,
  },
  symbols,
);

shows(
  'breakOn: a fault in the frame of the end, but before it, breaks',
  `
  fault      ---f
  from prog  -a-|
  result     -a-#
  `,
  { result: broken$ },
  symbols,
);

shows(
  'breakOn: a fault in the frame of the end, but after it, comes too late',
  `
  from prog  -a-|
  fault      ---f
  result     -a-|
  `,
  { result: broken$ },
  symbols,
);

shows(
  'breakOn: the end of the faults means nothing',
  `
  from prog  -a---b-|
  fault      --|
  result     -a---b-|
  `,
  { result: broken$ },
  symbols,
);

shows(
  'breakOn: stops reading at the fault',
  `
  from prog          -a---b-|
  fault              --f
  result             -a#
  reading from prog  ^-!
  reading fault      ^-!
  `,
  { result: broken$ },
  symbols,
);

test.run();
