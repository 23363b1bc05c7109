import { test } from 'uvu';
import { remember } from '../../../graph/operators/remember.ts';
import { Fault } from '../../../graph/vocabulary.ts';
import { askedAt, law, once, owes, shows, type Result } from '../../support/laws.ts';

const symbols = { w: undefined, '#': new Fault('reset', 'reset') };
const fact$: Result = once((given$) => given$('source').pipe(remember()));

law('remember', { 'asked at 0': fact$, 'asked at 5': askedAt(5, fact$) }, symbols);

owes(
  'remember',
  fact$,
  {
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
  },
  symbols,
);

shows(
  'remember: is told at once what was known before, and looks it up once',
  `
    source          --w|
    early           --w|
    late            -----(w|)
    reading source  ^--!
  `,
  { early: fact$, late: askedAt(5, fact$) },
  symbols,
);

shows(
  'remember: a fault is a fact too',
  `
    source          --#
    early           --#
    late            -----#
    reading source  ^-!
  `,
  { early: fact$, late: askedAt(5, fact$) },
  symbols,
);

shows(
  'remember: nothing said is a fact too',
  `
    source          --|
    early           --|
    late            -----|
    reading source  ^-!
  `,
  { early: fact$, late: askedAt(5, fact$) },
  symbols,
);

shows(
  'remember: whoever asks in the very frame is told once',
  `
    source          --w--
    early           --w--
    late            --w--
    reading source  ^-----
  `,
  { early: fact$, late: askedAt(2, fact$) },
  symbols,
);

test.run();
