import { test } from 'uvu';
import { totalBytes } from '../../../graph/operators/totalBytes.ts';
import { law, owes, shows, type Result } from '../../support/laws.ts';

const counted$: Result = (given$) => given$('to peer').pipe(totalBytes());

law('totalBytes', { total: counted$ });

owes('totalBytes', counted$, {
  value: `
      to peer          -a-b-
      result           01-2-
      reading to peer  ^----
    `,
  completion: `
      to peer          -a-|
      result           01-|
      reading to peer  ^--!
    `,
  error: `
      to peer          -a-#
      result           01-|
      reading to peer  ^--!
    `,
  empty: `
      to peer          |
      result           (0|)
      reading to peer  (^!)
    `,
  never: `
      to peer          ----
      result           0---
      reading to peer  ^---
    `,
  unsubscribe: `
      to peer          -a-b-c
      until            ---!
      result           01----
      reading to peer  ^--!
    `,
  burst: `
      to peer          -(abN|)
      result           0(122|)
      reading to peer  ^!
    `,
});

shows(
  'totalBytes: counts bytes, not chunks',
  `
  to peer  -a-b-|
  result   04-9-|
  `,
  { result: counted$ },
  { a: new Uint8Array(4), b: new Uint8Array(5) },
);

test.run();
