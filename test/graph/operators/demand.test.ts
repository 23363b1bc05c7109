import { test } from 'uvu';
import { demand } from '../../../graph/operators/demand.ts';
import { law, owes, shows, type Result } from '../../support/laws.ts';

const symbols = { h: true, l: false };
const marked =
  (highWaterMark: number): Result =>
  (given$) =>
    given$('given').pipe(demand(given$<number>('taken'), highWaterMark));

law('demand', { 'mark 2': marked(2) }, symbols);

owes(
  'demand',
  marked(2),
  {
    value: `
      given          -a-b-c
      taken          ----1-1
      result         h--lhlh
      reading given  ^------
    `,
    completion: `
      given          -a-b-|
      taken          ------1
      result         h--l-(h|)
      reading given  ^----!
    `,
    error: `
      given          -a-b-#
      taken          ------1
      result         h--l-(h|)
      reading given  ^----!
    `,
    empty: `
      given          |
      taken          --
      result         (h|)
      reading given  (^!)
    `,
    never: `
      given          ----
      taken          ----
      result         h---
      reading given  ^---
    `,
    unsubscribe: `
      given          -a-b-c
      taken          ------
      until          ----!
      result         h--l--
      reading given  ^---!
    `,
    burst: `
      given          -(abcN|)
      taken          -
      result         h(lh|)
      reading given  ^!
    `,
  },
  symbols,
);

shows(
  'demand: what is taken before the byte is known to be given counts all the same',
  `
    taken   -1
    given   -a-b
    result  h--l
  `,
  { result: marked(1) },
  symbols,
);

shows(
  'demand: given and taken in the same frame is low and high again',
  `
    given   -a
    taken   -1
    result  h(lh)
  `,
  { result: marked(1) },
  symbols,
);

shows(
  'demand: a close_notify weighs nothing',
  `
    given   -N--a
    taken   --
    result  h---l
  `,
  { result: marked(1) },
  symbols,
);

shows(
  'demand: reads on at the very byte that comes below the mark',
  `
    given   -(abc)
    taken   ------1-1
    result  hl------h
  `,
  { result: marked(2) },
  symbols,
);

shows(
  'demand: stops listening to the kernel at the end',
  `
    given          -a|
    taken          ----1
    result         hl(h|)
    reading taken  ^-!
  `,
  { result: marked(1) },
  symbols,
);

test.run();
