import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CLOSING_RULES, exitStatusOf, FAULT_RULES } from '../../graph/closing-rules.ts';
import { Fault, type FaultKind, type Signal } from '../../graph/vocabulary.ts';

/** The tables once more, in the words of a reader: a changed cell must be changed in two places. */
const POLICIES = `
  protocol  policy  ends with     after that  peer's close_notify
  TLSv1.3   s       FIN           listens     waits for prog
  TLSv1.3   S       close_notify  discards    waits for prog
  TLSv1.3   N       close_notify  listens     waits for prog
  TLSv1.2   s       FIN           listens     waits for prog
  TLSv1.2   S       close_notify  discards    is answered at once
  TLSv1.2   N       close_notify  discards    is answered at once
`;

const FAULTS = `
  fault       reaches         exit
  handshake   the connection  98
  truncation  inbound only    98
  cutRecord   inbound only    98
  alert       the connection  98
  badRecord   the connection  98
  reset       the connection  111
`;

test('every cell of the closing policies is as it is told', () => {
  const told = Object.entries(CLOSING_RULES).flatMap(([protocol, policies]) =>
    Object.entries(policies).map(([policy, rules]) => [
      protocol,
      policy,
      rules.sendsCloseNotify ? 'close_notify' : 'FIN',
      rules.keepsListening ? 'listens' : 'discards',
      rules.answersAtOnce ? 'is answered at once' : 'waits for prog',
    ]),
  );
  assert.equal(told, cells(POLICIES));
});

test('every cell of the faults is as it is told', () => {
  const told = Object.entries(FAULT_RULES).map(([kind, rules]) => [
    kind,
    rules.breaksConnection ? 'the connection' : 'inbound only',
    String(rules.exitStatus),
  ]);
  assert.equal(told, cells(FAULTS));
});

test('only a policy that sends close_notify can answer one', () => {
  for (const rules of Object.values(CLOSING_RULES).flatMap((policies) => Object.values(policies))) {
    assert.ok(rules.sendsCloseNotify || !rules.answersAtOnce);
  }
});

for (const kind of Object.keys(FAULT_RULES) as readonly FaultKind[]) {
  test(`a ${kind} decides the exit status, whatever prog's is`, () => {
    const cause = { fault: new Fault(kind, kind) };
    for (const prog of [undefined, { code: 0 }, { code: 3 }, { signal: 9 }]) {
      assert.is(exitStatusOf(cause, prog), FAULT_RULES[kind].exitStatus);
    }
  });
}

for (const [signal, status] of [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const satisfies readonly (readonly [Signal, number])[]) {
  test(`${signal} decides the exit status, whatever prog's is`, () => {
    for (const prog of [undefined, { code: 0 }, { code: 3 }, { signal: 9 }]) {
      assert.is(exitStatusOf({ signal }, prog), status);
    }
  });
}

test('without a cause the exit status is that of prog, its code or 128 + n', () => {
  assert.is(exitStatusOf(undefined, { code: 0 }), 0);
  assert.is(exitStatusOf(undefined, { code: 127 }), 127);
  assert.is(exitStatusOf(undefined, { signal: 9 }), 137);
});

test.run();

function cells(table: string): readonly (readonly string[])[] {
  const [, ...lines] = table.trim().split('\n');
  return lines.map((line) => line.trim().split(/ {2,}/));
}
