import { test } from 'uvu';
import { unless } from '../../../graph/operators/unless.ts';
import { Fault } from '../../../graph/vocabulary.ts';
import { law, owes, shows, type Result } from '../../support/laws.ts';

const symbols = { h: 'handshake', c: 'cause', '#': new Fault('handshake', 'no shared cipher') };
const secured$: Result = (given$) => given$('handshake').pipe(unless(given$('failed')));

law('unless', { secured: secured$ }, symbols);

owes(
  'unless',
  secured$,
  {
    value: `
      handshake          --h-h
      failed             ----
      result             --h-h
      reading handshake  ^----
      reading failed     ^----
    `,
    completion: `
      handshake          --h|
      failed             -----
      result             --h|
      reading handshake  ^--!
      reading failed     ^--!
    `,
    error: `
      handshake          --#
      failed             -----
      result             -----
      reading handshake  ^-!
      reading failed     ^----
    `,
    empty: `
      handshake          |
      failed             -----
      result             |
      reading handshake  (^!)
      reading failed     (^!)
    `,
    never: `
      handshake          ----
      failed             ----
      result             ----
      reading handshake  ^---
      reading failed     ^---
    `,
    unsubscribe: `
      handshake          -----h
      failed             ------
      until              ---!
      result             ------
      reading handshake  ^--!
      reading failed     ^--!
    `,
    burst: `
      failed             --(cc|)
      handshake          --(hh|)
      result             ------
      reading handshake  ^-!
      reading failed     ^-!
    `,
  },
  symbols,
);

shows(
  'unless: a failure after the handshake has ended changes nothing',
  `
    handshake       --(h|)
    failed          ----c
    result          --(h|)
    reading failed  ^-!
  `,
  { result: secured$ },
  symbols,
);

shows(
  'unless: no failure is no reason to be silent',
  `
    handshake  ----h|
    failed     --|
    result     ----h|
  `,
  { result: secured$ },
  symbols,
);

shows(
  'unless: a mistake of ours in telling the failure is not hidden',
  `
    handshake          ----h|
    failed             --#
    result             --#
    reading handshake  ^-!
  `,
  { result: secured$ },
  symbols,
);

test.run();
