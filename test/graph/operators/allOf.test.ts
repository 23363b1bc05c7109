import { test } from 'uvu';
import { allOf } from '../../../graph/operators/allOf.ts';
import { Fault } from '../../../graph/vocabulary.ts';
import { askedAt, law, once, owes, shows, type Result } from '../../support/laws.ts';

const symbols = { w: undefined, '#': new Fault('reset', 'reset') };
const both$: Result = once((given$) => {
  const facts = [given$('we ended'), given$('peer left')];
  return allOf(() => facts);
});

law('allOf', { both: both$ }, symbols);

owes(
  'allOf',
  both$,
  {
    value: `
      we ended           --w---w
      peer left          ----w-w
      result             ----(w|)
      reading we ended   ^---!
      reading peer left  ^---!
    `,
    completion: `
      we ended           --(w|)
      peer left          ----|
      result             ----|
      reading we ended   ^-!
      reading peer left  ^---!
    `,
    error: `
      we ended           --w
      peer left          ----#
      result             ----#
      reading we ended   ^---!
      reading peer left  ^---!
    `,
    empty: `
      we ended           |
      peer left          --w|
      result             ---|
      reading we ended   (^!)
      reading peer left  ^--!
    `,
    never: `
      we ended           --w-
      peer left          ----
      result             ----
      reading we ended   ^---
      reading peer left  ^---
    `,
    unsubscribe: `
      we ended           -w---w
      peer left          -----w
      until              ---!
      result             ------
      reading we ended   ^--!
      reading peer left  ^--!
    `,
    burst: `
      we ended           --(ww|)
      peer left          --(ww|)
      result             --(w|)
      reading we ended   ^-!
      reading peer left  ^-!
    `,
  },
  symbols,
);

shows(
  'allOf: what one of them says again does not stand for another',
  `
    we ended   -w-w-w
    peer left  -------w
    result     -------(w|)
  `,
  { result: both$ },
  symbols,
);

shows(
  'allOf: whoever asks late is told at once, and nothing is looked up again',
  `
    we ended           -w--------
    peer left          --w-------
    early              --(w|)
    late               -----(w|)
    reading we ended   ^-!
    reading peer left  ^-!
  `,
  { early: both$, late: askedAt(5, both$) },
  symbols,
);

test.run();
