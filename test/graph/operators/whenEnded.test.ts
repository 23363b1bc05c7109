import { test } from 'uvu';
import { whenEnded } from '../../../graph/operators/whenEnded.ts';
import { law, owes, type Result } from '../../support/laws.ts';

const symbols = { w: undefined };
const ended$: Result = (given$) => given$('from prog').pipe(whenEnded());

law('whenEnded', { 'prog ended': ended$ }, symbols);

owes(
  'whenEnded',
  ended$,
  {
    value: `
      from prog          -a-b-
      result             -----
      reading from prog  ^----
    `,
    completion: `
      from prog          -a-|
      result             ---(w|)
      reading from prog  ^--!
    `,
    error: `
      from prog          -a-#
      result             ---#
      reading from prog  ^--!
    `,
    empty: `
      from prog          |
      result             (w|)
      reading from prog  (^!)
    `,
    never: `
      from prog          ----
      result             ----
      reading from prog  ^---
    `,
    unsubscribe: `
      from prog          -a-b-|
      until              ---!
      result             ------
      reading from prog  ^--!
    `,
    burst: `
      from prog          -(abcd|)
      result             -(w|)
      reading from prog  ^!
    `,
  },
  symbols,
);

test.run();
