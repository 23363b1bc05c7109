import { test } from 'uvu';
import { requireCloseNotify } from '../../../graph/operators/requireCloseNotify.ts';
import { Fault } from '../../../graph/vocabulary.ts';
import { law, owes, shows, type Result } from '../../support/laws.ts';

const truncation = new Fault('truncation', 'the peer ended without close_notify');
const symbols = { '#': truncation };
const under =
  (required: boolean): Result =>
  (given$) =>
    given$('from peer').pipe(requireCloseNotify(required));

law('requireCloseNotify', { 'under -J': under(true), 'under -j': under(false) }, symbols);

owes(
  'requireCloseNotify',
  under(true),
  {
    value: `
      from peer          -a-b-
      result             -a-b-
      reading from peer  ^----
    `,
    completion: `
      from peer          -a-N-|
      result             -a-N-|
      reading from peer  ^----!
    `,
    error: `
      from peer          -a-#
      result             -a-#
      reading from peer  ^--!
    `,
    empty: `
      from peer          |
      result             #
      reading from peer  (^!)
    `,
    never: `
      from peer          ----
      result             ----
      reading from peer  ^---
    `,
    unsubscribe: `
      from peer          -a-b-c
      until              ---!
      result             -a----
      reading from peer  ^--!
    `,
    burst: `
      from peer          -(abN|)
      result             -(abN|)
      reading from peer  ^!
    `,
  },
  symbols,
);

shows(
  'requireCloseNotify: all data in the frame of the FIN comes before the truncation',
  `
    from peer          -(ab|)
    result             -(ab#)
    reading from peer  ^!
  `,
  { result: under(true) },
  symbols,
);

shows(
  'requireCloseNotify: one close_notify is enough, data after it is none of its business',
  `
    from peer          -N-x-N-|
    result             -N-x-N-|
    reading from peer  ^------!
  `,
  { result: under(true) },
  symbols,
);

shows(
  'requireCloseNotify: under -j a FIN is an end',
  `
    from peer          -x-|
    result             -x-|
    reading from peer  ^--!
  `,
  { result: under(false) },
  symbols,
);

shows(
  'requireCloseNotify: another fault stays what it is',
  `
  from peer  -x-#
  result     -x-#
  `,
  { result: under(true) },
  { '#': new Fault('reset', 'connection reset by peer') },
);

test.run();
