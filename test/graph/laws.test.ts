import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { from, of, Subject, takeWhile, throwError } from 'rxjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CLOSING_RULES, CLOSING_TEXTS, FAULT_RULES, FAULT_TEXTS } from '../../graph/closing-rules.ts';
import { LAWS, witnessed, type Law } from '../../graph/laws.ts';
import { endBy } from '../../graph/operators/endBy.ts';
import { faultAsEof } from '../../graph/operators/faultAsEof.ts';
import { untilCloseNotify } from '../../graph/operators/untilCloseNotify.ts';
import { CLOSE_NOTIFY, Fault, type Bytes, type CloseNotify, type Protocol } from '../../graph/vocabulary.ts';
import { playScenario } from '../../src/diagram/play.ts';
import { readScenario } from '../../src/diagram/scenario.ts';

const diagrams = new URL('../../diagrams/', import.meta.url);
const chunk = Uint8Array.of(1);

/** The laws that decide while a source runs to its end. */
function decided(run: (law: ReturnType<typeof witnessed>) => { subscribe(observer: object): unknown }): Law[] {
  const laws: Law[] = [];
  run(witnessed((law) => laws.push(law))).subscribe({ error: () => undefined });
  return laws;
}

test('every law decides something in a diagram, so that none is told of that nothing obeys', () => {
  const seen = new Set<Law>();
  for (const name of readdirSync(diagrams)) {
    const scenario = readScenario(readFileSync(new URL(name, diagrams), 'utf8'));
    for (const protocol of scenario.protocols) {
      for (const { law } of playScenario(scenario, protocol).laws) seen.add(law);
    }
  }
  assert.equal([...seen].sort(), Object.keys(LAWS).sort());
});

test('every law names an operator that there is', () => {
  for (const { operator } of Object.values(LAWS)) {
    assert.ok(existsSync(new URL(`../../graph/operators/${operator}.ts`, import.meta.url)), operator);
  }
});

test('every rule of the tables is told in whole sentences, and says what it rests on', () => {
  const texts = [
    ...Object.values(LAWS),
    ...Object.values(CLOSING_TEXTS).flatMap((policies) => Object.values(policies)),
    ...Object.values(FAULT_TEXTS),
  ];
  for (const { says, clause } of texts) {
    assert.match(says, /^[A-Za-z'].*[^.]\.$/);
    assert.match(clause, /^(RFC \d+ §|s6-tlsd)/);
  }
  assert.equal(Object.keys(FAULT_TEXTS), Object.keys(FAULT_RULES));
});

test('policies that do the same are told the same, and others are not', () => {
  for (const [protocol, policies] of Object.entries(CLOSING_RULES)) {
    const texts = CLOSING_TEXTS[protocol as Protocol];
    for (const policy of ['s', 'S', 'N'] as const) {
      const { sendsCloseNotify, keepsListening, answersAtOnce } = policies[policy];
      const { says } = texts[policy];
      assert.is(/gets close_notify/.test(says), sendsCloseNotify, says);
      assert.is(/goes on reaching prog/.test(says), keepsListening, says);
      assert.is(/at the peer's close_notify/.test(says), answersAtOnce, says);
    }
  }
});

test('an operator that only lets pass has decided nothing', () => {
  assert.equal(
    decided((law) => from<(Bytes | CloseNotify)[]>([chunk, chunk]).pipe(law('untilCloseNotify', untilCloseNotify()))),
    [],
  );
  assert.equal(
    decided((law) => of(chunk).pipe(law('endBy', endBy({ sendsCloseNotify: false })))),
    [],
  );
  const broken$ = throwError(() => new Fault('reset', 'ECONNRESET'));
  assert.equal(
    decided((law) => broken$.pipe(law('endBy', endBy({ sendsCloseNotify: true })))),
    [],
  );
});

test('an operator that adds, ends early or swallows a fault has decided, once', () => {
  assert.equal(
    decided((law) => of(chunk).pipe(law('endBy', endBy({ sendsCloseNotify: true })))),
    ['endBy'],
  );
  assert.equal(
    decided((law) =>
      from<(Bytes | CloseNotify)[]>([chunk, CLOSE_NOTIFY, chunk]).pipe(law('untilCloseNotify', untilCloseNotify())),
    ),
    ['untilCloseNotify'],
  );
  const broken$ = throwError(() => new Fault('reset', 'ECONNRESET'));
  assert.equal(
    decided((law) => broken$.pipe(law('excuseProvoked', faultAsEof()))),
    ['excuseProvoked'],
  );
});

test('a first value of undefined is a decision too', () => {
  const source$ = new Subject<number>();
  const laws: Law[] = [];
  witnessed((law) => laws.push(law))<number, undefined>('linger', () => of(undefined))(source$).subscribe();
  assert.equal(laws, ['linger']);
});

test('without a witness the operator itself is applied', () => {
  const operator = takeWhile<number>(() => true);
  assert.is(witnessed(undefined)('linger', operator), operator);
});

test.run();
