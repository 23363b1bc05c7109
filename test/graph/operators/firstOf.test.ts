import { Observable, of, Subject } from 'rxjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { firstOf } from '../../../graph/operators/firstOf.ts';
import { Fault } from '../../../graph/vocabulary.ts';
import { askedAt, law, once, owes, shows, type Result } from '../../support/laws.ts';

const symbols = { n: 'close_notify', w: undefined, '#': new Fault('reset', 'reset') };
const first$: Result = once((given$) => {
  const facts = [given$<unknown>('peer ended'), given$<unknown>('prog ended')];
  return firstOf(() => facts);
});

law('firstOf', { first: first$ }, symbols);

owes(
  'firstOf',
  first$,
  {
    value: `
      peer ended          ---n-n
      prog ended          ----w
      result              ---(n|)
      reading peer ended  ^--!
      reading prog ended  ^--!
    `,
    completion: `
      peer ended          --|
      prog ended          ----|
      result              ----|
      reading peer ended  ^-!
      reading prog ended  ^---!
    `,
    error: `
      peer ended          --#
      prog ended          ----w
      result              --#
      reading peer ended  ^-!
      reading prog ended  ^-!
    `,
    empty: `
      peer ended          |
      prog ended          --w
      result              --(w|)
      reading peer ended  (^!)
      reading prog ended  ^-!
    `,
    never: `
      peer ended          ----
      prog ended          ----
      result              ----
      reading peer ended  ^---
      reading prog ended  ^---
    `,
    unsubscribe: `
      peer ended          -----n
      prog ended          ------
      until               ---!
      result              ------
      reading peer ended  ^--!
      reading prog ended  ^--!
    `,
    burst: `
      peer ended          --(nn|)
      prog ended          --(ww|)
      result              --(n|)
      reading peer ended  ^-!
      reading prog ended  ^-!
    `,
  },
  symbols,
);

shows(
  'firstOf: in one frame, the one that is told first, whichever is listened to first',
  `
    prog ended  --w
    peer ended  --n
    result      --(w|)
  `,
  { result: first$ },
  symbols,
);

shows(
  'firstOf: whoever asks late is told at once, and nothing is looked up again',
  `
    peer ended          --n-----
    prog ended          --------
    early               --(n|)
    late                -----(n|)
    reading peer ended  ^-!
    reading prog ended  ^-!
  `,
  { early: first$, late: askedAt(5, first$) },
  symbols,
);

test('firstOf: a fact that is known already leaves the others alone', () => {
  let asked = false;
  const other$ = new Observable<string>(() => void (asked = true));
  const heard: string[] = [];
  firstOf(() => [of('known'), other$]).subscribe((word) => heard.push(word));
  assert.equal([heard, asked], [['known'], false]);
});

test('firstOf: one fact that brings about another in being told is still the only one', () => {
  const [one$, other$] = [new Subject<string>(), new Subject<string>()];
  const heard: string[] = [];
  firstOf(() => [one$, other$]).subscribe((word) => {
    heard.push(word);
    other$.next('other');
  });
  one$.next('one');
  assert.equal(heard, ['one']);
});

test.run();
