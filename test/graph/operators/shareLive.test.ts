import { test } from 'uvu';
import { shareLive } from '../../../graph/operators/shareLive.ts';
import { askedAt, law, once, owes, shows, type Result } from '../../support/laws.ts';

const shared$: Result = once((given$) => given$('source').pipe(shareLive()));

law('shareLive', { 'asked at 0': shared$, 'asked at 4': askedAt(4, shared$), 'asked at 9': askedAt(9, shared$) });

owes('shareLive', shared$, {
  value: `
      source          -a-b-
      result          -a-b-
      reading source  ^----
    `,
  completion: `
      source          -a-|
      result          -a-|
      reading source  ^--!
    `,
  error: `
      source          -a-#
      result          -a-#
      reading source  ^--!
    `,
  empty: `
      source          |
      result          |
      reading source  (^!)
    `,
  never: `
      source          ----
      result          ----
      reading source  ^---
    `,
  unsubscribe: `
      source          -a-b-c
      until           ---!
      result          -a----
      reading source  ^--!
    `,
  burst: `
      source          -(abcd|)
      result          -(abcd|)
      reading source  ^!
    `,
});

shows(
  'shareLive: many listeners are one reader of the source',
  `
    source          -a-b-c-|
    early           -a-b-c-|
    late            -----c-|
    reading source  ^------!
  `,
  { early: shared$, late: askedAt(4, shared$) },
);

shows(
  'shareLive: after the end the source is not started anew',
  `
    source          -a-|
    early           -a-|
    late            ------|
    reading source  ^--!
  `,
  { early: shared$, late: askedAt(6, shared$) },
);

shows(
  'shareLive: after a fault the source is not started anew',
  `
    source          -a-#
    early           -a-#
    late            ------#
    reading source  ^--!
  `,
  { early: shared$, late: askedAt(6, shared$) },
);

shows(
  'shareLive: when the last listener has gone, the source is let go',
  `
    source          -a-b-c
    until           ----!
    early           -a-b--
    late            ---b--
    reading source  ^---!
  `,
  { early: shared$, late: askedAt(2, shared$) },
);

test.run();
