import { of } from 'rxjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { continueWith } from '../../../graph/operators/continueWith.ts';
import { Fault } from '../../../graph/vocabulary.ts';
import { law, owes, shows, type Result } from '../../support/laws.ts';

const symbols = { t: 'SIGTERM', '#': new Fault('reset', 'reset') };
const chosen$: Result = (given$) => {
  const stream$ = given$('chosen');
  return given$('signal').pipe(continueWith(() => stream$));
};

law('continueWith', { result: chosen$ }, symbols);

owes(
  'continueWith',
  chosen$,
  {
    value: `
      signal          --t--
      chosen          -a-b-
      result          ---b-
      reading signal  ^----
      reading chosen  --^--
    `,
    completion: `
      signal          --(t|)
      chosen          -a-b-|
      result          ---b-|
      reading signal  ^-!
      reading chosen  --^--!
    `,
    error: `
      signal          --t-#
      chosen          -a-b-c
      result          ---b#
      reading signal  ^---!
      reading chosen  --^-!
    `,
    empty: `
      signal          |
      chosen          -a-b-
      result          |
      reading signal  (^!)
    `,
    never: `
      signal          -----
      chosen          -a-b-
      result          -----
      reading signal  ^----
    `,
    unsubscribe: `
      signal          --t--
      chosen          -a-b-c
      until           ----!
      result          ---b--
      reading signal  ^---!
      reading chosen  --^-!
    `,
    burst: `
      signal          --(tt|)
      chosen          --(ab|)
      result          --(ab|)
      reading signal  ^-!
      reading chosen  --(^!)
    `,
  },
  symbols,
);

shows(
  'continueWith: a fault of the chosen stream is passed on, and the source is let go',
  `
    signal          --t---
    chosen          ----#
    result          ----#
    reading signal  ^---!
  `,
  { result: chosen$ },
  symbols,
);

test('continueWith: the first word chooses, and no other', () => {
  const chosen: number[] = [];
  const heard: string[] = [];
  of(1, 2, 3)
    .pipe(
      continueWith((first) => {
        chosen.push(first);
        return of(`after ${String(first)}`);
      }),
    )
    .subscribe((word) => heard.push(word));
  assert.equal([chosen, heard], [[1], ['after 1']]);
});

test('continueWith: an error thrown in choosing is an error of the stream', () => {
  const bug = new Error('bug');
  let failed: unknown;
  of(1)
    .pipe(
      continueWith(() => {
        throw bug;
      }),
    )
    .subscribe({ error: (error: unknown) => (failed = error) });
  assert.is(failed, bug);
});

test.run();
