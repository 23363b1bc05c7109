import { test } from 'uvu';
import { faults } from '../../../graph/operators/faults.ts';
import { Fault } from '../../../graph/vocabulary.ts';
import { law, owes, shows, type Result } from '../../support/laws.ts';

const fault = new Fault('badRecord', 'bad record');
const symbols = { f: fault, '#': fault };
const told$: Result = (given$) => given$('from peer').pipe(faults());

law('faults', { faults: told$ }, symbols);

owes(
  'faults',
  told$,
  {
    value: `
      from peer          -a-b-
      result             -----
      reading from peer  ^----
    `,
    completion: `
      from peer          -a-|
      result             ---|
      reading from peer  ^--!
    `,
    error: `
      from peer          -a-#
      result             ---(f|)
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
      from peer          -a-b-#
      until              ---!
      result             ------
      reading from peer  ^--!
    `,
    burst: `
      from peer          -(abc#)
      result             -(f|)
      reading from peer  ^!
    `,
  },
  symbols,
);

shows(
  'faults: an error that is no fault is not hidden',
  `
  from peer  -x#
  result     --#
  `,
  { result: told$ },
  { '#': new TypeError('our own mistake') },
);

test.run();
