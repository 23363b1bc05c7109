import { test } from 'uvu';
import { peerEnding } from '../../../graph/operators/peerEnding.ts';
import { Fault } from '../../../graph/vocabulary.ts';
import { law, owes, shows, type Result } from '../../support/laws.ts';

const fault = new Fault('cutRecord', 'fin inside a record');
const symbols = { n: 'close_notify', e: 'fin', f: fault, '#': fault };
const named$: Result = (given$) => given$('from peer').pipe(peerEnding());

law('peerEnding', { ending: named$ }, symbols);

owes(
  'peerEnding',
  named$,
  {
    value: `
      from peer          -a-b-
      result             -----
      reading from peer  ^----
    `,
    completion: `
      from peer          -a-|
      result             ---(e|)
      reading from peer  ^--!
    `,
    error: `
      from peer          -a-#
      result             ---(f|)
      reading from peer  ^--!
    `,
    empty: `
      from peer          |
      result             (e|)
      reading from peer  (^!)
    `,
    never: `
      from peer          ----
      result             ----
      reading from peer  ^---
    `,
    unsubscribe: `
      from peer          -a-b-|
      until              ---!
      result             ------
      reading from peer  ^--!
    `,
    burst: `
      from peer          -(abN|)
      result             -(n|)
      reading from peer  ^!
    `,
  },
  symbols,
);

shows(
  'peerEnding: a close_notify and a fault in the same frame, the close_notify first',
  `
    from peer          -(N#)
    result             -(n|)
    reading from peer  ^!
  `,
  { result: named$ },
  symbols,
);

shows(
  'peerEnding: what comes after the close_notify is not looked at',
  `
    from peer          -N-x-#
    result             -(n|)
    reading from peer  ^!
  `,
  { result: named$ },
  symbols,
);

shows(
  'peerEnding: an error that is no fault is not an ending',
  `
  from peer  -x#
  result     --#
  `,
  { result: named$ },
  { '#': new TypeError('our own mistake') },
);

test.run();
